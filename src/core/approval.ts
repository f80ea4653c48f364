/** Whose answers a colleague has to look at before they leave, and who that colleague may be. */
import type { Agent, Desk, Mailbox } from './model.js';
import { may } from './permissions.js';

type Author = Pick<Agent, 'id' | 'role' | 'approval'>;

export function needsApproval(author: Pick<Agent, 'approval'> | undefined, mailbox: Pick<Mailbox, 'approval'>): boolean {
  return author !== undefined && (author.approval || mailbox.approval);
}

/** Four eyes: never the author, and nobody who needs approval themselves. */
export function mayApprove(colleague: Author, author: string | undefined): boolean {
  return may(colleague.role, 'work') && !colleague.approval && colleague.id !== author;
}

interface Stuck {
  readonly author: Agent;
  readonly mailbox: Mailbox | undefined;
}

/** Authors whose answers would wait for ever: nobody could approve them. Each with the mailbox that asks for it, or with none where the agent's own entry does. */
export function waitingForEver({ agents, mailboxes }: Pick<Desk, 'agents' | 'mailboxes'>): readonly Stuck[] {
  const stuck = agents.filter(({ id, role }) => may(role, 'work') && !agents.some((colleague) => mayApprove(colleague, id)));
  const strict = mailboxes.filter(({ approval }) => approval);
  return stuck.flatMap((author): readonly Stuck[] => (author.approval ? [{ author, mailbox: undefined }] : strict.map((mailbox) => ({ author, mailbox }))));
}
