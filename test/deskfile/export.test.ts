import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { opensEver } from '../../src/core/hours.js';
import type { AgentId, ChannelId, FolderId, GroupId, LabelId, MailboxId, RuleId, TeamId, TemplateId } from '../../src/core/ids.js';
import { DEALINGS, LOCALES, PRIORITIES, ROLES, type AnswerGoal, type Audience, type Desk, type Folder, type Mailbox, type Rule, type ServerLogin, type Team } from '../../src/core/model.js';
import type { Action, Condition } from '../../src/core/rules.js';
import type { SenderPattern } from '../../src/core/senders.js';
import { exportDesk, secretsOf } from '../../src/deskfile/export.js';
import { formatProblems } from '../../src/deskfile/problems.js';
import { readDeskFile } from '../../src/deskfile/read.js';
import { ruleIdFromName } from '../../src/deskfile/rules.js';
import { buildWeek } from '../../src/deskfile/values.js';
import { re2Patterns } from '../../src/patterns/re2.js';
import { aDesk, aMailbox } from '../support/samples.js';

const patterns = re2Patterns();

function readBack(text: string, desk: Desk): Desk {
  const result = readDeskFile(text, Object.fromEntries(secretsOf(desk)), patterns);
  if ('problems' in result) throw new Error(formatProblems(result.problems, 'desk.yaml', 'en') + text);
  return result.desk;
}

/* ---- desks of every shape that desk.yaml can say ---- */

/** Words that YAML might take for something else. */
const awkward = fc.constantFrom('yes', 'null', '1e3', '0x1f', '~', '- x', '# no', 'a: b', "it's", '"quoted"', '@home', '*star', '&amp', '!tag', '%pct', '{x}', '[x]', 'ż ó ł ć', '😀', '2026-01-01', '9:00', ' padded ', 'a\\b', '<<', '12', 'true');
const words = fc.oneof(awkward, fc.string({ minLength: 1, maxLength: 12 })).filter((text) => text.trim() !== '' && !text.includes('${'));
const body = fc.array(fc.oneof(words, fc.constantFrom('', '  indented', '{{customer.firstName|there}}')), { maxLength: 4 }).map((lines) => lines.join('\n').replace(/\{\{(?!customer)/g, '').replace(/\s+$/, ''));
const id = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });
const address = fc.stringMatching(/^[a-z]{1,6}@[a-z]{1,6}\.example$/);
const zone = fc.constantFrom('Europe/Warsaw', 'UTC', 'America/New_York');
const locale = fc.constantFrom(...LOCALES);

const login = (required: boolean): fc.Arbitrary<ServerLogin> =>
  fc
    .record({
      host: fc.constantFrom('imap.example.com', '10.0.0.1', '::1'),
      port: fc.integer({ min: 1, max: 65_535 }),
      security: fc.constantFrom('tls' as const, 'starttls' as const, 'none' as const),
      user: words,
      password: words,
      ca: fc.option(fc.constant('-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n'), { nil: undefined }),
      trustAnyCertificate: fc.boolean(),
      anonymous: fc.boolean(),
    })
    .map(({ anonymous, ...server }) => (anonymous && !required ? { ...server, user: undefined, password: undefined } : server));

/** In minutes. */
const goalTime = fc.oneof(fc.integer({ min: 1, max: 14_400 }), fc.integer({ min: 1, max: 240 }).map((hours) => hours * 60));
const goal: fc.Arbitrary<AnswerGoal> = fc.record({ low: goalTime, normal: goalTime, high: goalTime, urgent: goalTime }, { requiredKeys: ['normal'] });

const mailbox = (own: string, addresses: readonly string[], channels: readonly string[]): fc.Arbitrary<Mailbox> => {
  const common = fc.record({
    name: words, locale, signature: body.map((text) => text.replaceAll('{{', '')), channel: fc.constantFrom(...channels).map((channel) => channel as ChannelId), smtp: fc.option(login(false), { nil: undefined }),
    maxMailBytes: fc.constantFrom(1, 999, 1000, 25e6, 26_214_400, 3e9), maxAnswerBytes: fc.constantFrom(1, 20e6, 26_214_400), approval: fc.constant(false), followUpDays: fc.option(fc.integer({ min: 1, max: 365 }), { nil: undefined }), answerWithin: fc.option(goal, { nil: undefined }), undoSeconds: fc.integer({ min: 0, max: 600 }), plusAddressing: fc.boolean(),
  });
  const [first = 'x@y.example', ...aliases] = addresses;
  const base = { id: own as MailboxId, address: first, aliases };
  const imap = fc.record({
    server: login(true), folders: fc.array(words, { minLength: 1, maxLength: 2 }), after: fc.oneof(fc.constantFrom({ do: 'leave' as const }, { do: 'mark-seen' as const }), words.map((folder) => ({ do: 'move' as const, folder }))),
    sentFolder: fc.option(words.filter((folder) => folder !== 'none'), { nil: undefined }), spamFolder: fc.option(words, { nil: undefined }), pollSeconds: fc.integer({ min: 10, max: 3600 }),
  }).map(({ server, ...rest }) => ({ ...server, ...rest }));
  const since = fc.constantFrom(undefined, new Date(0), new Date('2026-01-31T00:00:00Z'), new Date('2026-01-31T08:15:30.250Z'));
  return fc.oneof(
    fc.tuple(common, imap, since).map(([rest, server, from]): Mailbox => ({ ...base, ...rest, kind: 'imap', imap: server, since: from })),
    common.map((rest): Mailbox => ({ ...base, ...rest, kind: 'smtp', imap: undefined, since: undefined })),
  );
};

const pattern = fc.constantFrom('zwrot', '@example.com', '/re(fund)?/i', 'yes', '12', "it's: #");
const condition = (mailboxes: readonly string[]): fc.Arbitrary<Condition> =>
  fc.letrec<{ any: Condition }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.tuple(fc.constantFrom('from', 'to', 'subject', 'body'), pattern).map(([key, value]) => ({ [key]: value }) as unknown as Condition),
      fc.constantFrom<Condition>({ attachment: true }, { attachment: '.pdf' }, { larger: 1500 }, { smaller: 2e6 }, { language: 'pl' }, { knownCustomer: false }, { hours: 'outside' }, { automatic: 'list' }, { automatic: false }, { always: true }),
      fc.constantFrom(...mailboxes).map((name): Condition => ({ mailbox: name as MailboxId })),
      fc.tuple(words, pattern).map(([name, matches]): Condition => ({ header: { name, matches } })),
      fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((all): Condition => ({ all })),
      fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((any): Condition => ({ any })),
      fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list): Condition => ({ any: list.map((subject) => ({ subject })) })),
      tie('any').map((not): Condition => ({ not })),
    ),
  })).any;

/** For everybody, or for some teams and agents; a name that is both would be refused. */
const audience = ({ teams, agents }: { readonly teams: readonly string[]; readonly agents: readonly string[] }): fc.Arbitrary<{ visibleTo?: Audience }> =>
  fc.option(
    fc.record({ teams: fc.subarray(teams.filter((id) => !agents.includes(id)).map((id) => id as TeamId)), agents: fc.subarray(agents.filter((id) => !teams.includes(id)).map((id) => id as AgentId)) }),
    { nil: undefined },
  ).map((visibleTo) => (visibleTo ? { visibleTo } : {}));
const span = fc.tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 })).filter(([from, to]) => from < to).map(([from, to]) => ({ from, to }));

/** Hours of the desk, or of somebody on duty. */
const week = fc.array(fc.array(span, { maxLength: 1 }), { minLength: 7, maxLength: 7 }).map((days) => buildWeek(new Map(days.map((spans, index) => [index + 1, spans]))).week);

const anyDesk: fc.Arbitrary<Desk> = fc
  .record({ mailboxes: ids, channels: ids, teams: ids, agents: ids, folders: ids, labels: ids, templates: ids, addresses: fc.uniqueArray(address, { minLength: 6, maxLength: 6 }), people: fc.uniqueArray(address, { minLength: 3, maxLength: 3 }) })
  .chain((known) => {
    const action = fc.oneof(
      fc.constantFrom(...known.teams).map((team): Action => ({ team: team as TeamId })),
      fc.constantFrom(...known.agents).map((agent): Action => ({ agent: agent as AgentId })),
      fc.constantFrom(...known.labels).map((label): Action => ({ label: label as LabelId })),
      fc.constantFrom(...known.templates).map((acknowledge): Action => ({ acknowledge: acknowledge as TemplateId })),
      fc.constantFrom(...PRIORITIES).map((priority): Action => ({ priority })),
      fc.constantFrom<Action>({ stop: true }, { spam: true }),
    );
    const place = fc.oneof(fc.constantFrom(...known.channels).map((channel): Action => ({ channel: channel as ChannelId })), fc.constantFrom(...known.folders).map((folder): Action => ({ folder: folder as FolderId })));
    const rule = fc.record({ name: words, ownId: fc.option(id, { nil: undefined }), when: condition(known.mailboxes), first: place, then: fc.array(action, { maxLength: 3 }) });
    return fc.record({
      name: words, locale, sample: fc.boolean(),
      hours: fc.record({ timeZone: zone, week }),
      spam: fc.record({ keepDays: fc.option(fc.integer({ min: 1, max: 3650 }), { nil: undefined }), blocked: fc.subarray(['@casino.example', 'ads@shop.example'] as SenderPattern[]), allowed: fc.subarray(['@partner.example'] as SenderPattern[]) }),
      mailboxes: fc.tuple(...known.mailboxes.map((own, index) => mailbox(own, known.addresses.slice(index * 2, index * 2 + 2), known.channels).chain((one) => audience(known).map((some) => ({ ...one, ...some }))))),
      channels: fc.tuple(...known.channels.map((own) => fc.record({ id: fc.constant(own as ChannelId), name: words, bridge: fc.constantFrom('web', 'slack'), target: words }).chain((channel) => audience(known).map((some) => ({ ...channel, ...some }))))),
      teams: fc.tuple(...known.teams.map((own) => fc.record({ id: fc.constant(own as TeamId), name: words, dealing: fc.constantFrom(...DEALINGS), week, duty: fc.constant([] as Team['duty']) }))),
      agents: fc.tuple(...known.agents.map((own, index) => fc.record({
        id: fc.constant(own as AgentId), name: words, email: fc.constant(known.people[index] ?? ''), role: fc.constantFrom(...ROLES), locale, timeZone: zone, teams: fc.subarray(known.teams.map((team) => team as TeamId)), theme: fc.constantFrom('system' as const, 'light' as const, 'dark' as const), approval: fc.constant(false),
      }))),
      groups: fc.tuple(...known.labels.map((own) => fc.record({ id: fc.constant(own as unknown as GroupId), bridge: fc.constantFrom('slack', 'discord'), target: words, role: fc.constantFrom(...ROLES), teams: fc.subarray(known.teams.map((team) => team as TeamId)) }))),
      folders: fc.tuple(...known.folders.map((own) => fc.tuple(words, audience(known)).map(([name, some]): Folder => ({ id: own as FolderId, name, ...some })))),
      labels: fc.tuple(...known.labels.map((own) => fc.record({ id: fc.constant(own as LabelId), name: words, colour: fc.integer({ min: 1, max: 8 }) }))),
      templates: fc.tuple(...known.templates.map((own) => fc.record({
        id: fc.constant(own as TemplateId), name: words, category: fc.oneof(fc.constant(''), words), files: fc.constant([]),
        texts: fc.uniqueArray(fc.record({ language: fc.constantFrom('en', 'pl', 'de', 'pt-BR'), body }), { minLength: 1, maxLength: 3, selector: ({ language }) => language }),
        mailboxes: fc.subarray(known.mailboxes.map((one) => one as MailboxId)), teams: fc.subarray(known.teams.map((team) => team as TeamId)),
      }))),
      rules: fc.uniqueArray(rule, { maxLength: 4, selector: ({ name, ownId }) => ownId ?? ruleIdFromName(name) }).map((list) =>
        list.map(({ name, ownId, when, first, then }, index): Rule => ({ id: (ownId ?? ruleIdFromName(name)) as RuleId, name, position: index + 1, when, then: [first, ...then] }))),
    });
  })
  // Answers are promised only where the desk is open at times.
  .map(({ mailboxes, ...desk }) => ({ ...desk, mailboxes: opensEver(desk.hours) ? mailboxes : mailboxes.map((one) => ({ ...one, answerWithin: undefined })) }))
  // On duty are members, and no viewers.
  .map(({ teams, ...desk }) => ({
    ...desk,
    teams: teams.map(({ week: hours, ...team }) => ({ ...team, duty: desk.agents.filter((agent) => agent.role !== 'viewer' && agent.teams.includes(team.id)).map(({ id: agentId }) => ({ agentId, week: hours })) })),
  }));

describe('exportDesk', () => {
  it('read(export(desk)) is the desk', () => {
    fc.assert(
      fc.property(anyDesk, (desk) => {
        const back = readBack(exportDesk(desk), desk);
        // Entries come back in the order of the file, which numbers as keys do not keep.
        const sorted = ({ mailboxes, channels, teams, agents, groups, folders, labels, templates, ...rest }: Desk): object => ({
          ...rest,
          lists: [mailboxes, channels, teams.map((team) => ({ ...team, duty: [...team.duty].sort((a, b) => (a.agentId < b.agentId ? -1 : 1)) })), agents, groups ?? [], folders, labels, templates].map((list) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1))),
        });
        expect(sorted(back)).toEqual(sorted(desk));
      }),
      { numRuns: 150 },
    );
  });

  it('never holds a password', () => {
    const smtp = { host: 'smtp.example.com', port: 465, security: 'tls' as const, user: 'shop', password: 'geheim-1234', ca: undefined, trustAnyCertificate: false };
    const desk = aDesk({ mailboxes: [aMailbox({ smtp }), aMailbox({ id: '2nd-shop' as MailboxId, address: 'b@desk.example', smtp: { ...smtp, password: 'geheim-5678' } })] });
    const text = exportDesk(desk);
    expect(text).not.toContain('geheim');
    expect([...secretsOf(desk)]).toEqual([['SHOP_SMTP_PASSWORD', 'geheim-1234'], ['_2ND_SHOP_SMTP_PASSWORD', 'geheim-5678']]);
    for (const name of secretsOf(desk).keys()) expect(text).toContain(`\${${name}}`);
  });
});
