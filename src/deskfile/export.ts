import { stringify } from 'yaml';
import type { Agent, Audience, Desk, Mailbox, ServerLogin, Team } from '../core/model.js';
import type { SpamSettings } from '../core/senders.js';
import { placeholder } from './environment.js';
import { writeRule } from './rules.js';
import { NO_SENT_FOLDER } from './schema.js';
import { writeTemplate } from './templates.js';
import { writeAnswerGoal, writeColour, writeDays, writeDaysOrForever, writeSince, writeSize, writeWeek } from './values.js';

/** Long texts stay as they were written instead of being folded. */
const NO_FOLDING = 0;

/**
 * The desk as desk.yaml: reading it gives the same desk. Passwords are left out; `${SHOP_IMAP_PASSWORD}` stands for each, and `secretsOf` has their values.
 */
export function exportDesk(desk: Desk): string {
  const file = {
    desk: { name: desk.name, language: desk.locale, 'time-zone': desk.hours.timeZone, ...(desk.sample && { sample: true }) },
    hours: writeWeek(desk.hours.week),
    spam: writeSpam(desk.spam),
    mailboxes: byId(desk.mailboxes, writeMailbox),
    channels: byId(desk.channels, ({ name, bridge, target, visibleTo }) => ({ name, bridge, target, ...writeVisibleTo(visibleTo) })),
    teams: byId(desk.teams, writeTeam),
    agents: byId(desk.agents.filter(({ member }) => member === undefined), writeAgent),
    groups: byId(desk.groups ?? [], ({ bridge, target, role, teams }) => ({ bridge, target, role, ...(teams.length > 0 && { teams }) })),
    folders: byId(desk.folders, ({ name, visibleTo }) => ({ name, ...writeVisibleTo(visibleTo) })),
    labels: byId(desk.labels, ({ name, colour }) => ({ name, colour: writeColour(colour) })),
    templates: byId(desk.templates, writeTemplate),
    rules: [...desk.rules].sort((a, b) => a.position - b.position).map(writeRule),
  };
  const said = Object.entries(file).filter(([name, section]) => name === 'desk' || name === 'hours' || Object.keys(section).length > 0);
  return said.map(([name, section]) => stringify({ [name]: section }, { lineWidth: NO_FOLDING, version: '1.2' })).join('\n');
}

/** The passwords that `exportDesk` left out, by the variable that stands for each. */
export function secretsOf(desk: Desk): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const mailbox of desk.mailboxes) {
    for (const server of ['imap', 'smtp'] as const) {
      const password = mailbox[server]?.password;
      if (password !== undefined) secrets.set(secretName(mailbox, server), password);
    }
  }
  return secrets;
}

function secretName(mailbox: Mailbox, server: 'imap' | 'smtp'): string {
  // A variable's name may not begin with a digit.
  return `${mailbox.id}_${server}_password`.replace(/^(?=\d)/, '_').replace(/-/g, '_').toUpperCase();
}

function writeSpam({ keepDays, blocked, allowed }: SpamSettings): object {
  return { keep: writeDaysOrForever(keepDays), ...(blocked.length > 0 && { block: blocked }), ...(allowed.length > 0 && { allow: allowed }) };
}

function writeMailbox(mailbox: Mailbox): object {
  const { imap, smtp } = mailbox;
  return {
    kind: mailbox.kind,
    address: mailbox.address,
    name: mailbox.name,
    ...(mailbox.aliases.length > 0 && { aliases: mailbox.aliases }),
    language: mailbox.locale,
    channel: mailbox.channel,
    ...(mailbox.kind === 'imap' && { since: writeSince(mailbox.since) }),
    ...(imap && {
      imap: {
        ...writeLogin(imap, secretName(mailbox, 'imap')),
        folders: imap.folders,
        after: imap.after.do === 'move' ? { move: imap.after.folder } : imap.after.do,
        sent: imap.sentFolder ?? NO_SENT_FOLDER,
        ...(imap.spamFolder !== undefined && { spam: imap.spamFolder }),
        poll: `${imap.pollSeconds}s`,
      },
    }),
    ...(smtp && { smtp: writeLogin(smtp, secretName(mailbox, 'smtp')) }),
    'max-mail': writeSize(mailbox.maxMailBytes),
    'max-answer': writeSize(mailbox.maxAnswerBytes),
    ...(mailbox.approval && { approval: true }),
    ...(mailbox.answerWithin && { 'answer-within': writeAnswerGoal(mailbox.answerWithin) }),
    ...(mailbox.followUpDays !== undefined && { 'follow-up': writeDays(mailbox.followUpDays) }),
    undo: `${mailbox.undoSeconds}s`,
    'plus-addressing': mailbox.plusAddressing,
    ...writeVisibleTo(mailbox.visibleTo),
    ...(mailbox.signature !== '' && { signature: mailbox.signature }),
  };
}

function writeVisibleTo(audience: Audience | undefined): object {
  return audience ? { 'visible-to': [...audience.teams, ...audience.agents] } : {};
}

function writeLogin(login: ServerLogin, passwordName: string): object {
  return {
    host: login.host,
    port: login.port,
    security: login.security,
    ...(login.user !== undefined && { user: login.user }),
    ...(login.password !== undefined && { password: placeholder(passwordName) }),
    ...(login.ca !== undefined && { ca: login.ca }),
    ...(login.trustAnyCertificate && { 'trust-any-certificate': true }),
  };
}

function writeTeam({ name, dealing, duty }: Team): object {
  return { name, assign: dealing, ...(duty.length > 0 && { duty: Object.fromEntries(duty.map(({ agentId, week }) => [agentId, writeWeek(week)])) }) };
}

function writeAgent(agent: Agent): object {
  return {
    name: agent.name,
    email: agent.email,
    role: agent.role,
    language: agent.locale,
    'time-zone': agent.timeZone,
    ...(agent.teams.length > 0 && { teams: agent.teams }),
    ...(agent.theme !== 'system' && { theme: agent.theme }),
    ...(agent.approval && { approval: true }),
  };
}

function byId<Thing extends { readonly id: string }>(things: readonly Thing[], write: (thing: Thing) => object): Readonly<Record<string, object>> {
  return Object.fromEntries(things.map((thing) => [thing.id, write(thing)]));
}
