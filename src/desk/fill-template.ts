import type { Agent, Conversation, Desk, StoredFile, Template } from '../core/model.js';
import type { CustomerStore } from '../core/ports/store.js';
import { Refusal } from '../core/errors.js';
import { offeredTo, templatesMeant, textFor } from '../core/template-choice.js';
import { fillTemplate, type Filled, type TemplateValues } from '../core/templates.js';
import { templateValues } from './template-values.js';

/** Who fills in, and when. A unit of work is one. */
export interface Filling {
  readonly tx: { readonly customers: Pick<CustomerStore, 'get'> };
  readonly desk: Desk;
  readonly now: Date;
  /** undefined: Goniec itself. */
  readonly actor: Agent | undefined;
}

/** Names in a refusal; more nobody reads. */
const MAX_NAMES = 15;

/** The template that a person means, of those that are for them and for this conversation. @throws Refusal that names what there is */
export function findTemplate({ desk, actor }: { readonly desk: Desk; readonly actor: Agent }, said: string, conversation: Pick<Conversation, 'mailboxId'> | undefined): Template {
  const offered = offeredTo(desk.templates, actor, conversation?.mailboxId);
  const [found, another] = templatesMeant(offered, said);
  if (found && !another) return found;
  if (another) throw new Refusal('refused.ambiguous-template', { said, names: namesOf(templatesMeant(offered, said)) });
  const [elsewhere] = templatesMeant(desk.templates, said);
  if (elsewhere) throw new Refusal('refused.template-elsewhere', { name: elsewhere.name });
  if (offered.length === 0) throw new Refusal('refused.no-templates');
  throw new Refusal('refused.no-such-template', { said, names: namesOf(offered) });
}

function namesOf(templates: readonly Template[]): string {
  const names = templates.slice(0, MAX_NAMES).map(({ id, name }) => (name === id ? id : `${name} (${id})`));
  return [...names, ...(templates.length > MAX_NAMES ? ['…'] : [])].join(', ');
}

/** What is to be filled in: a template, words typed beside it, or both. */
export interface ToFill {
  readonly template: Template | undefined;
  readonly text: string;
  /** Another language than the customer's; undefined: theirs. */
  readonly language?: string | undefined;
}

/** A template and what is typed beside it, filled in for a conversation, in the customer's language. Variables work in typed words as well. */
export async function fillIn(filling: Filling, conversation: Conversation, { template, text, language }: ToFill): Promise<Filled & { readonly language: string }> {
  const languages = await languagesOf(filling, conversation, language);
  const chosen = template && textFor(template, languages);
  const written = chosen?.language ?? languages[0] ?? filling.desk.locale;
  const body = [chosen?.body, text].filter((part) => part?.trim()).join('\n\n');
  return { ...fillTemplate(body, await valuesFor(filling, conversation, written)), language: written };
}

/** The most wanted first: what was asked for, what the customer last wrote, what they usually write, what the mailbox speaks. */
async function languagesOf({ tx, desk }: Filling, conversation: Conversation, asked: string | undefined): Promise<readonly string[]> {
  const customer = await tx.customers.get(conversation.customerId);
  return [asked, conversation.language, customer?.language, desk.mailboxes.find(({ id }) => id === conversation.mailboxId)?.locale].filter((language) => language !== undefined && language !== '') as string[];
}

/** @throws Refusal where the mailbox is no longer on the desk */
export async function valuesFor({ tx, desk, now, actor }: Filling, conversation: Conversation, language: string): Promise<TemplateValues> {
  const mailbox = desk.mailboxes.find(({ id }) => id === conversation.mailboxId);
  if (!mailbox) throw new Refusal('refused.mailbox-gone', { mailbox: conversation.mailboxId });
  return templateValues({ conversation, mailbox, customer: await tx.customers.get(conversation.customerId), agent: actor, hours: desk.hours, now, language });
}

/** Stops what a customer must never get. @throws Refusal that names the variables */
export function filledOrRefused({ text, unknown }: Filled): string {
  if (unknown.length > 0) throw new Refusal('refused.unknown-variable', { names: unknown.map((name) => `{{${name}}}`).join(', '), count: unknown.length });
  return text;
}

/** A file that is there already is not sent twice. */
export function withTemplateFiles(files: readonly StoredFile[], template: Pick<Template, 'files'> | undefined): readonly StoredFile[] {
  const there = new Set(files.map(({ blob }) => blob));
  return [...files, ...(template?.files ?? []).filter(({ blob }) => !there.has(blob))];
}
