import type { z } from 'zod';
import type { ChannelId, MailboxId } from '../core/ids.js';
import type { Mailbox, ServerLogin } from '../core/model.js';
import type { Checks } from './check.js';
import { DEFAULTS, IMAP_PORTS, SMTP_PORTS } from './defaults.js';
import { claimAddress, readEntries, readVisibleTo, type Common } from './entries.js';
import type { DeskPath } from './problems.js';
import { mailboxSchema } from './schema.js';

export function readMailboxes(input: unknown, common: Common): readonly Mailbox[] {
  const { checks } = common;
  const owners = new Map<string, string>();
  // Looked at first: an entry that cannot be read otherwise may name a wrong channel all the same.
  for (const [id, entry] of checks.entriesOf(input, ['mailboxes'])) {
    const channel: unknown = typeof entry === 'object' && entry !== null && 'channel' in entry ? entry.channel : undefined;
    if (typeof channel === 'string') checks.refer('channel', channel, common.known.channel, ['mailboxes', id, 'channel']);
  }
  return readEntries(input, 'mailboxes', mailboxSchema(common.variables), checks).map(({ id, path, value }): Mailbox => {
    const kind = value.kind ?? 'imap';
    claimAddress(value.address, id, [...path, 'address'], owners, checks);
    value.aliases?.forEach((alias, index) => claimAddress(alias, id, [...path, 'aliases', index], owners, checks));
    checkSource(kind, value, path, checks);
    if (value.signature?.includes('{{')) checks.complain([...path, 'signature'], { key: 'deskfile.no-variables-here', params: { found: '{{' } });
    return {
      id: id as MailboxId,
      kind,
      address: value.address,
      name: value.name ?? common.name,
      aliases: value.aliases ?? [],
      locale: value.language ?? common.locale,
      signature: value.signature ?? '',
      channel: value.channel as ChannelId,
      imap: value.imap && {
        ...login(value.imap, value.address, IMAP_PORTS),
        folders: value.imap.folders ?? DEFAULTS.folders,
        after: value.imap.after ?? { do: 'leave' },
        sentFolder: value.imap.sent ? value.imap.sent.folder : DEFAULTS.sentFolder,
        spamFolder: value.imap.spam,
        pollSeconds: value.imap.poll ?? DEFAULTS.pollSeconds,
      },
      smtp: value.smtp && login(value.smtp, value.address, SMTP_PORTS),
      since: value.since?.from,
      maxMailBytes: value['max-mail'] ?? DEFAULTS.maxMailBytes,
      maxAnswerBytes: value['max-answer'] ?? DEFAULTS.maxAnswerBytes,
      approval: value.approval ?? false,
      answerWithin: value['answer-within'] ? value['answer-within'].goal : common.answerWithin,
      followUpDays: value['follow-up']?.days,
      undoSeconds: value.undo ?? DEFAULTS.undoSeconds,
      plusAddressing: value['plus-addressing'] ?? false,
      ...readVisibleTo(value['visible-to'], path, common),
    };
  });
}

type MailboxInput = z.output<ReturnType<typeof mailboxSchema>>;

/** Mail of a kind imap comes from a server, which has to be named; mail of a kind smtp comes by itself. */
function checkSource(kind: Mailbox['kind'], { imap, since }: MailboxInput, path: DeskPath, checks: Checks): void {
  if (kind === 'imap') {
    if (!imap) checks.complain([...path, 'imap'], { key: 'deskfile.needs-imap' });
    else if (imap.password === undefined) checks.complain([...path, 'imap', 'password'], { key: 'deskfile.missing', params: { name: 'password' } });
    if (!since) checks.complain([...path, 'since'], { key: 'deskfile.needs-since' });
    return;
  }
  if (imap) checks.complain([...path, 'imap'], { key: 'deskfile.imap-not-here', params: { name: 'imap' } }, 'key');
  if (since) checks.complain([...path, 'since'], { key: 'deskfile.imap-not-here', params: { name: 'since' } }, 'key');
}

function login(input: NonNullable<MailboxInput['smtp']>, address: string, ports: Readonly<Record<ServerLogin['security'], number>>): ServerLogin {
  const security = input.security ?? 'tls';
  return {
    host: input.host,
    port: input.port ?? ports[security],
    security,
    // Most servers want the address; a relay without a password wants no user either.
    user: input.user ?? (input.password === undefined ? undefined : address),
    password: input.password,
    ca: input.ca,
    trustAnyCertificate: input['trust-any-certificate'] ?? false,
  };
}
