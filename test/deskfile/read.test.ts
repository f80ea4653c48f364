import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDeskFile } from '../../src/deskfile/read.js';
import { formatProblems, type DeskProblem } from '../../src/deskfile/problems.js';
import type { Desk } from '../../src/core/model.js';
import { re2Patterns } from '../../src/patterns/re2.js';

const patterns = re2Patterns();

function deskFrom(text: string, variables: Readonly<Record<string, string>> = {}): Desk {
  const result = readDeskFile(text, variables, patterns);
  if ('problems' in result) throw new Error(formatProblems(result.problems, 'desk.yaml', 'en'));
  return result.desk;
}

function problemsIn(text: string, variables: Readonly<Record<string, string>> = {}): readonly DeskProblem[] {
  const result = readDeskFile(text, variables, patterns);
  return 'problems' in result ? result.problems : [];
}

/** Each problem as it is told, without the heading. */
const told = (text: string, variables?: Readonly<Record<string, string>>): readonly string[] => formatProblems(problemsIn(text, variables), 'desk.yaml', 'en').split('\n').slice(1);

const HEAD = 'desk: { name: Glinka, language: pl, time-zone: Europe/Warsaw }\n';
const CHANNELS = 'channels: { orders: {}, returns: Zwroty }\n';
const SHOP = 'mailboxes:\n  shop: { address: Shop@Example.com, channel: orders, since: new, imap: { host: imap.example.com, password: x } }\n';

describe('a desk', () => {
  it('needs little, and the rest has sensible values', () => {
    const desk = deskFrom(HEAD + CHANNELS + SHOP);
    expect(desk).toMatchObject({ name: 'Glinka', locale: 'pl', sample: false, hours: { timeZone: 'Europe/Warsaw' }, rules: [] });
    expect(desk.hours.week[7]).toEqual([{ from: 0, to: 1440 }]);
    expect(desk.channels).toEqual([{ id: 'orders', name: 'orders', bridge: 'web', target: 'orders' }, { id: 'returns', name: 'Zwroty', bridge: 'web', target: 'returns' }]);
    expect(desk.mailboxes).toEqual([
      {
        id: 'shop', kind: 'imap', address: 'shop@example.com', name: 'Glinka', aliases: [], locale: 'pl', signature: '', channel: 'orders', smtp: undefined, since: undefined, maxMailBytes: 25_000_000, maxAnswerBytes: 20_000_000, approval: false, followUpDays: undefined, answerWithin: undefined, undoSeconds: 15, plusAddressing: false,
        imap: { host: 'imap.example.com', port: 993, security: 'tls', user: 'shop@example.com', password: 'x', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: 60 },
      },
    ]);
  });

  it('says who is always spam, who never is, and how long spam is kept', () => {
    expect(deskFrom(HEAD).spam).toEqual({ keepDays: 90, blocked: [], allowed: [] });
    const { spam, mailboxes } = deskFrom(`${HEAD}${CHANNELS}spam: { keep: 30 days, block: [casino.example, "*@Ads.example", one@shop.example], allow: "@partner.example" }\n${SHOP.replace('password: x', 'password: x, spam: Junk')}`);
    expect(spam).toEqual({ keepDays: 30, blocked: ['@casino.example', '@ads.example', 'one@shop.example'], allowed: ['@partner.example'] });
    expect(mailboxes[0]?.imap?.spamFolder).toBe('Junk');
    expect(deskFrom(`${HEAD}spam: { keep: forever }\n`).spam.keepDays).toBeUndefined();
    expect(told(`${HEAD}spam: { keep: soon, block: [nobody], allow: ["@a.example"] }\n`)).toEqual([
      expect.stringContaining('“soon” is not a number of days'), expect.stringContaining('“nobody” is neither an address nor a domain'),
    ]);
    expect(told(`${HEAD}spam: { block: ["@a.example"], allow: [a.example] }\n`)).toEqual([expect.stringContaining('“@a.example” is here twice')]);
  });

  it('says within how much time an answer is due: for the desk, otherwise for a mailbox, or never', () => {
    const goals = (head: string, shop = ''): unknown => deskFrom(HEAD.replace(' }', `${head} }`) + CHANNELS + SHOP.replace('since: new,', `since: new, ${shop}`)).mailboxes[0]?.answerWithin;
    expect(goals('')).toBeUndefined();
    expect(goals(', answer-within: 4h')).toEqual({ normal: 240 });
    expect(goals(', answer-within: 4h', 'answer-within: 90m,')).toEqual({ normal: 90 });
    expect(goals(', answer-within: { normal: 1 h, high: 20 min }')).toEqual({ normal: 60, high: 20 });
    expect(goals(', answer-within: 4h', 'answer-within: never,')).toBeUndefined();
  });

  it.each([
    ['soon', 'desk.answer-within: “soon” is not a time for an answer. Write hours or minutes of your opening hours'],
    ['4', 'desk.answer-within: “4” is not a time for an answer'],
    ['2 days', 'desk.answer-within: “2 days” is not a time for an answer'],
    ['0m', 'desk.answer-within: Expected 1m to 240h, found “0m”'],
    ['{ urgent: 1h }', 'desk.answer-within.normal: “normal” is missing'],
    ['{ normal: 4h, urgent: at once }', 'desk.answer-within.urgent: “at once” is not a time for an answer'],
    ['{ normal: 4h, hihg: 1h }', 'desk.answer-within.hihg: “hihg” means nothing here. Did you mean “high”?'],
  ])('refuses answer-within: %s', (written, wanted) => {
    expect(told(HEAD.replace(' }', `, answer-within: ${written} }`))).toEqual([expect.stringContaining(wanted)]);
  });

  it('refuses to promise answers on a desk that is never open', () => {
    expect(told(`${HEAD.replace(' }', ', answer-within: 4h }')}hours: { mon-sun: closed }\n${CHANNELS}${SHOP}`)).toEqual([expect.stringContaining('hours: “answer-within” counts the hours in which you are open, and there are none')]);
  });

  it('reads every value of a mailbox', () => {
    const [mailbox] = deskFrom(
      `${HEAD}${CHANNELS}mailboxes:
  shop:
    address: \${ADDRESS}
    name: Sklep
    aliases: [info@example.com]
    language: en
    channel: orders
    since: 2026-01-31
    imap: { host: "\${HOST}", port: "\${PORT}", security: starttls, user: u, password: "a\${PASSWORD}b", ca: "\${CA}", trust-any-certificate: true, folders: [INBOX, Sklep], after: { move: Done }, sent: none, poll: 5m }
    smtp: { host: smtp.example.com, security: starttls }
    max-mail: 1.5 MB
    max-answer: 10 MB
    follow-up: 3 days
    answer-within: { normal: 8h, urgent: 30m }
    undo: 0s
    plus-addressing: true
    signature: |
      Glinka
      ul. Gliniana
`,
      { ADDRESS: 'shop@example.com', HOST: 'imap.example.com', PORT: '1143', PASSWORD: '${HOST}{{', CA: '-----BEGIN\n-----END' },
    ).mailboxes;
    expect(mailbox).toEqual({
      id: 'shop', kind: 'imap', address: 'shop@example.com', name: 'Sklep', aliases: ['info@example.com'], locale: 'en', channel: 'orders', since: new Date('2026-01-31T00:00:00Z'), maxMailBytes: 1_500_000, maxAnswerBytes: 10_000_000, approval: false, followUpDays: 3, answerWithin: { normal: 480, urgent: 30 }, undoSeconds: 0, plusAddressing: true,
      signature: 'Glinka\nul. Gliniana',
      imap: { host: 'imap.example.com', port: 1143, security: 'starttls', user: 'u', password: 'a${HOST}{{b', ca: '-----BEGIN\n-----END', trustAnyCertificate: true, folders: ['INBOX', 'Sklep'], after: { do: 'move', folder: 'Done' }, sentFolder: undefined, pollSeconds: 300 },
      smtp: { host: 'smtp.example.com', port: 587, security: 'starttls', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false },
    });
  });

  it('reads hours: ranges of days, two spans, over midnight, closed', () => {
    const week = deskFrom(`${HEAD}hours: { mon-wed: 9:00-17:00, thu: "9-12, 13:00-17:30", fri-sat: [22:00-6:00], sun: closed }\n`).hours.week;
    expect(week[1]).toEqual([{ from: 540, to: 1020 }]);
    expect(week[4]).toEqual([{ from: 540, to: 720 }, { from: 780, to: 1050 }]);
    expect([week[5], week[6], week[7]]).toEqual([[{ from: 1320, to: 1440 }], [{ from: 0, to: 360 }, { from: 1320, to: 1440 }], [{ from: 0, to: 360 }]]);
  });

  it('reads rules as people write them', () => {
    const { rules } = deskFrom(`${HEAD}${CHANNELS}labels: { refund: { colour: red } }
rules:
  - name: Zwroty i reklamacje
    when: { subject: [zwrot, refund], known-customer: true, larger: 2 kB }
    then: { channel: returns, label: refund, stop: true }
  - { id: rest, name: Rest, then: [{ channel: orders }, stop] }
`);
    expect(rules).toEqual([
      { id: 'zwroty-i-reklamacje', name: 'Zwroty i reklamacje', position: 1, when: { all: [{ any: [{ subject: 'zwrot' }, { subject: 'refund' }] }, { larger: 2000 }, { knownCustomer: true }] }, then: [{ channel: 'returns' }, { label: 'refund' }, { stop: true }] },
      { id: 'rest', name: 'Rest', position: 2, when: { always: true }, then: [{ channel: 'orders' }, { stop: true }] },
    ]);
  });

  it('desk.example.yaml is one', () => {
    const desk = deskFrom(readFileSync(join(import.meta.dirname, '../../desk.example.yaml'), 'utf8'), { SHOP_PASSWORD: 'x' });
    expect(desk.rules.length).toBeGreaterThan(3);
  });
});

describe('mistakes', () => {
  it('are all told at once, with line, column, path and what is meant', () => {
    expect(
      told(`desk: { name: X, language: de, timeZone: Europe/Warsaw }
hours: { mon-fry: 9-17, sat: 25:00-26:00 }
mailboxes:
  shop:
    addres: shop@example.com
    channel: oders
    since: yesterday
    imap: { host: imap.example.com, port: 99999, password: 12345, securty: tls }
  b: { address: foo, channel: oders, since: new }
channels: { orders: {}, s: { bridge: slack } }
agents: [a]
templates: { t: { name: T, text: "Hi {{customer.fistName}}" } }
labels: { x: { colour: gren } }
rules:
  - name: R
    when: { subject: /(/, form: x }
    then: [{ channel: order }]
  - { name: R, then: [{ channel: orders, folder: nix }] }
nonsense: 1
`),
    ).toEqual([
      'desk.yaml:1:28 desk.language: Expected one of en, pl, found “de”.',
      'desk.yaml:1:32 desk.timeZone: “timeZone” means nothing here. Did you mean “time-zone”?',
      'desk.yaml:2:10 hours.mon-fry: “mon-fry” is not a day. Write mon, tue … sun, or mon-fri.',
      'desk.yaml:2:30 hours.sat: “25:00-26:00” is not a span of hours. Example: 9:00-17:00, or closed.',
      'desk.yaml:4:3 mailboxes.shop.address: “address” is missing.',
      'desk.yaml:5:5 mailboxes.shop.addres: “addres” means nothing here. Did you mean “address”?',
      'desk.yaml:6:14 mailboxes.shop.channel: There is no channel “oders”. Did you mean “orders”?',
      'desk.yaml:7:12 mailboxes.shop.since: “yesterday” does not say how far back. Write a day (2026-01-31), all, or new.',
      'desk.yaml:8:43 mailboxes.shop.imap.port: Expected 1 to 65535, found “99999”.',
      'desk.yaml:8:60 mailboxes.shop.imap.password: Expected text, found a number. Put it in quotes.',
      'desk.yaml:8:67 mailboxes.shop.imap.securty: “securty” means nothing here. Did you mean “security”?',
      'desk.yaml:9:17 mailboxes.b.address: “foo” is not a mail address. Example: shop@example.com.',
      'desk.yaml:9:31 mailboxes.b.channel: There is no channel “oders”. Did you mean “orders”?',
      'desk.yaml:10:25 channels.s.target: A channel in slack needs “target”: its id there.',
      'desk.yaml:11:1 agents: Expected names with values, found a list.',
      expect.stringMatching(/^desk\.yaml:12:34 templates\.t\.text: The template uses \{\{customer\.fistName\}\}, .* Did you mean “customer\.firstName”\?$/) as string,
      expect.stringMatching(/^desk\.yaml:13:24 labels\.x\.colour: .* Did you mean “green”\?$/) as string,
      'desk.yaml:16:22 rules[1].when.subject: The pattern /(/ does not work: missing closing ): `(`.',
      'desk.yaml:16:27 rules[1].when.form: “form” means nothing here. Did you mean “from”?',
      'desk.yaml:17:23 rules[1].then[1].channel: There is no channel “order”. Did you mean “orders”?',
      'desk.yaml:18:13 rules[2].name: Two rules would be known as “r”. Give one of them an “id”.',
      'desk.yaml:18:50 rules[2].then[1].folder: There is no folder “nix”.',
      expect.stringMatching(/^desk\.yaml:19:1 nonsense: “nonsense” means nothing here\. Here may stand: desk, hours, /) as string,
    ]);
  });

  it('are told in Polish too', () => {
    const text = formatProblems(problemsIn(`${HEAD}rules: [{ name: R, then: [{ chanel: x }] }]\n`), 'desk.yaml', 'pl');
    expect(text).toBe('desk.yaml: 1 błąd, nic nie zmieniono\ndesk.yaml:2:29 rules[1].then[1].chanel: „chanel” nic tu nie znaczy. Czy chodzi o „channel”?');
  });

  it('variables: unset ones are named, others have no place outside logins, values are never shown', () => {
    const login = (login: string): string => `${HEAD}${CHANNELS}mailboxes: { shop: { address: a@b.example, channel: orders, since: new, imap: { host: h, password: ${login} } } }\n`;
    expect(told(login('"${NOPE}"'))).toEqual([expect.stringContaining('The environment variable NOPE is not set')]);
    expect(told(login('"${toString}x"'))).toEqual([]);
    expect(told(`desk: { name: "\${SECRET}" }\n`, { SECRET: 'geheim' })).toEqual([expect.stringContaining('${SECRET} has no place here')]);
    const bad = problemsIn(`${HEAD}${CHANNELS}mailboxes: { shop: { address: "\${A}", channel: orders, since: new, imap: { host: h, password: [geheim] } } }\n`, { A: 'a@b.example' });
    expect(JSON.stringify(bad)).not.toContain('geheim');
  });

  it('an address belongs to one mailbox, an e-mail to one agent', () => {
    expect(told(`${HEAD}${CHANNELS}mailboxes:
  a: { kind: smtp, address: x@b.example, channel: orders }
  b: { kind: smtp, address: y@b.example, aliases: [X@b.example], channel: orders }
agents: { a: { name: A, email: a@b.example }, b: { name: B, email: A@b.example } }
`)).toEqual([expect.stringContaining('x@b.example belongs to “a” already'), expect.stringContaining('a@b.example belongs to “a” already')]);
  });

  it.each([
    ['an imap mailbox needs imap and since', `${HEAD}${CHANNELS}mailboxes: { a: { address: a@b.example, channel: orders } }`, ['needs “imap”', '“since” is missing: how far back']],
    ['an smtp mailbox has neither', `${HEAD}${CHANNELS}mailboxes: { a: { kind: smtp, address: a@b.example, channel: orders, since: new, imap: { host: h, password: x } } }`, ['has no “since”', 'has no “imap”']],
    ['groups of the web desk, and of teams that are not there', `${HEAD}groups: { a: { bridge: web, target: x }, b: { bridge: discord, target: Support, teams: [care] } }`, ['A group is of a chat platform: slack, discord', 'There is no team “care”.']],
    ['a place for people who are not there', `${HEAD}channels: { a: { visible-to: [care, boss] } }\nteams: { care: {} }`, ['There is no team or agent “boss”. There are: care.']],
    ['a place for a name that is two', `${HEAD}folders: { a: { visible-to: [kim] } }\nteams: { kim: {} }\nagents: { kim: { name: Kim, email: k@b.example } }`, ['“kim” is a team and an agent. Rename one of them, so that it is clear who is meant.']],
    ['unknown channels of mailboxes and teams of agents', `${HEAD}${CHANNELS}mailboxes: { a: { kind: smtp, address: a@b.example, channel: x } }\nagents: { a: { name: A, email: a@b.example, teams: [care] } }`, ['There is no channel “x”. There are: orders, returns.', 'There is no team “care”.']],
    ['who is on duty without being in the team, or allowed to work', `${HEAD}teams: { care: { duty: { a: { mon: 9-17 }, b: { tue: closed }, c: { wed: 9-17 }, d: { someday: 9-17 } } } }\nagents: { a: { name: A, email: a@b.example }, b: { name: B, email: b@b.example, role: viewer, teams: [care] }, d: { name: D, email: d@b.example, teams: [care] } }`, ['“a” is on the duty list of “care” but not in the team', '“b” is a viewer and cannot be given work', 'There is no agent “c”', '“someday” is not a day']],
    ['a way of handing out that there is not', `${HEAD}teams: { care: { assign: random } }`, ['Expected one of by-hand, round-robin, least-busy, found “random”']],
    ['variables in a signature would reach customers', `${HEAD}${CHANNELS}mailboxes: { a: { kind: smtp, address: a@b.example, channel: orders, signature: "{{agent.name}}" } }`, ['{{ would reach customers']],
    ['overlapping hours', `${HEAD}hours: { mon: "9-12, 11-13", sun: 22-2, mon-tue: closed }`, ['“mon” is here twice']],
    ['keys', `${HEAD}channels: { Orders: {} }`, ['“Orders” cannot be a key here']],
    ['a template without text', `${HEAD}templates: { t: { name: T } }`, ['“text” is missing']],
    ['a template with text and texts', `${HEAD}templates: { t: { name: T, text: a, texts: { pl: b } } }`, ['not both']],
    ['texts of a template', `${HEAD}templates: { t: { name: T, texts: { polski: b, en: "{{agent.nme}}" } }, u: { name: U, texts: {} } }`, ['“polski” is not the code of a language', 'uses {{agent.nme}}', 'There is no text here']],
    ['mailboxes and teams of a template', `${HEAD}templates: { t: { name: T, text: a, mailboxes: [shop], teams: care } }`, ['There is no mailbox “shop”', 'There is no team “care”']],
    ['an empty condition', `${HEAD}rules: [{ name: R, when: {}, then: [stop] }]`, ['A condition is missing']],
    ['a rule with two places', `${HEAD}${CHANNELS}folders: { f: F }\nrules: [{ name: R, then: [{ channel: orders }, { folder: f }] }]`, ['not both']],
    ['a desk is missing', CHANNELS, ['“desk” is missing']],
    ['no mapping', 'just text', ['Expected names with values, found text']],
    ['no YAML', 'desk: [', ['This is not YAML']],
    ['twice the same key', `${HEAD}${HEAD}`, ['Map keys must be unique']],
    ['aliases that multiply', `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n${HEAD}`, ['This is not YAML']],
    ['a day that does not exist', `${HEAD}${CHANNELS}mailboxes: { a: { address: a@b.example, channel: orders, since: 2026-02-31, imap: { host: h, password: x } } }`, ['does not say how far back']],
  ])('%s', (_name, text, expected) => {
    const found = told(text);
    expect(found).toHaveLength(expected.length);
    for (const part of expected) expect(found.some((line) => line.includes(part)), `${part} in ${found.join('\n')}`).toBe(true);
  });
});
