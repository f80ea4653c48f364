/** Mailboxes as they lie in the database: one JSON text, passwords sealed with APP_SECRET. */
import type { Mailbox, ServerLogin } from '../core/model.js';
import type { Vault } from '../core/ports/effects.js';
import type { Mailbox as Row } from './generated/sqlite/client.js';
import { fromJson, id } from './rows.js';

/** `Mailbox` in JSON: no Date, keys that are undefined left out, `password` sealed. */
type Settings = Omit<Mailbox, 'id' | 'address' | 'since'> & { readonly since?: string };

/** What a mailbox has that was stored before there was such a thing. */
const LATER = { maxAnswerBytes: 20e6, approval: false, followUpDays: undefined, answerWithin: undefined } as const;

export function sealedSettings(mailbox: Mailbox, vault: Vault): string {
  const { id: _id, address: _address, since, imap, smtp, ...rest } = mailbox;
  const seal = (password: string): string => vault.seal(password);
  const settings: Settings = { ...rest, imap: imap && withPassword(imap, seal), smtp: smtp && withPassword(smtp, seal), ...(since && { since: since.toISOString() }) };
  return JSON.stringify(settings);
}

/** Who may see it; for one that is no longer on the desk its passwords need not be opened. */
export function audienceOf(row: Row): Pick<Mailbox, 'visibleTo'> {
  const { visibleTo } = fromJson<Settings>(row.settings);
  return visibleTo ? { visibleTo } : {};
}

export function mailboxFrom(row: Row, vault: Vault): Mailbox {
  const settings = fromJson<Settings>(row.settings);
  const { imap, smtp, since } = settings;
  const open = (password: string): string => vault.open(password);
  return {
    ...LATER,
    ...settings,
    id: id(row.id),
    address: row.address,
    since: since === undefined ? undefined : new Date(since),
    imap: imap && { ...withPassword(imap, open), sentFolder: imap.sentFolder, spamFolder: imap.spamFolder },
    smtp: smtp && withPassword(smtp, open),
  };
}

function withPassword<Login extends ServerLogin>(login: Login, change: (password: string) => string): Login {
  const { user, password, ca } = login;
  return { ...login, user, ca, password: password === undefined ? undefined : change(password) };
}
