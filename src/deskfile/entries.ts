import type { z } from 'zod';
import type { AgentId, TeamId } from '../core/ids.js';
import type { AnswerGoal, Audience, Locale } from '../core/model.js';
import type { Checks } from './check.js';
import type { Variables } from './environment.js';
import type { DeskPath } from './problems.js';
import type { KnownIds } from './rules.js';

/** Ids go into environment variables, addresses and links. */
const ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** What every section is read with: where mistakes go, and what the desk says for all. */
export interface Common {
  readonly checks: Checks;
  readonly variables: Variables;
  readonly known: KnownIds;
  readonly name: string;
  readonly locale: Locale;
  readonly timeZone: string;
  /** For mailboxes that do not say otherwise. */
  readonly answerWithin: AnswerGoal | undefined;
}

/** Reads the entries of a section; those with mistakes are left out. */
export function readEntries<Schema extends z.ZodType>(input: unknown, section: string, schema: Schema, checks: Checks): readonly { readonly id: string; readonly path: DeskPath; readonly value: z.output<Schema> }[] {
  return checks.entriesOf(input, [section]).flatMap(([id, entry]) => {
    const path = [section, id];
    if (!ID.test(id)) checks.complain(path, { key: 'deskfile.bad-key', params: { found: id } }, 'key');
    // `returns:` with nothing after it is an entry in which everything is left to its default.
    const value = checks.read(schema, entry ?? {}, path);
    return value === undefined ? [] : [{ id, path, value }];
  });
}

/** One address belongs to one mailbox or agent: else nobody could say whose it is. */
export function claimAddress(address: string, mailbox: string, path: DeskPath, owners: Map<string, string>, checks: Checks): void {
  const other = owners.get(address);
  if (other !== undefined) checks.complain(path, { key: 'deskfile.duplicate-address', params: { found: address, other } });
  owners.set(address, mailbox);
}

/** Who may see a mailbox, channel or folder: teams and agents, by id. Left out: everybody. */
export function readVisibleTo(names: readonly string[] | undefined, path: DeskPath, { checks, known }: Common): { readonly visibleTo?: Audience } {
  if (!names) return {};
  names.forEach((name, index) => {
    const at = [...path, 'visible-to', index];
    if (known.team.has(name) && known.agent.has(name)) checks.complain(at, { key: 'deskfile.team-or-agent', params: { found: name } });
    else checks.refer('team-or-agent', name, new Set([...known.team, ...known.agent]), at);
  });
  return { visibleTo: { teams: names.filter((name) => known.team.has(name)).map((name) => name as TeamId), agents: names.filter((name) => known.agent.has(name)).map((name) => name as AgentId) } };
}
