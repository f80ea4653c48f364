/** Every verb of the catalogue, once: what it does, what it says when it was done before, what it does from a place that is out of date, and whom it refuses. */
import { expect } from 'vitest';

import type { AgentId } from '../../src/core/ids.js';
import { sightOf } from '../../src/core/sight.js';
import { again, another, bulkRuns, doubt, does, drawn, newestOf, othersMerge, passes, said, writes, type Now, type Told, type VerbCase } from './verb-case.js';

const UNDO_MS = 15_000;
const NO_WAY_BACK = /Too late: the answer in #\d+ has left/;

const is = (wanted: Partial<Now['conversation']>) => ({ conversation }: Now): void => expect(conversation).toMatchObject(wanted);
const person = (wanted: Partial<Now['person']>) => (now: Now): void => expect(now.person).toMatchObject(wanted);
const nothingToSee = (): void => {};
/** The newest mail of ours. */
const answer = (wanted: Partial<Now['messages'][number]>) => ({ messages }: Now): void => expect(messages.findLast(({ direction }) => direction === 'out')).toMatchObject(wanted);
/** What a list says of how much there is. */
const counted = (count: (now: Now) => Promise<number>, what: string): Told => async (now) => new RegExp(`${await count(now)} ${what}`);
const countsOf = async ({ desk }: Now): ReturnType<Now['desk']['store']['conversations']['counts']> => {
  const [marek] = desk.desk.agents;
  return desk.store.inSight(sightOf(desk.desk, marek!)).conversations.counts('marek' as AgentId);
};
const mine = counted(async (now) => (await countsOf(now)).mine, 'conversations? (is|are) yours');
const nobodys = counted(async (now) => (await countsOf(now)).unassigned, 'conversations? (is|are) nobody’s');
const late = counted(async (now) => (await countsOf(now)).overdue, '(conversation is overdue|conversations are overdue)');
const ofCare: Told = async (now) => new RegExp(`Care: ${(await countsOf(now)).teams.get('care' as never) ?? 0} open`);
const bulkIs = (state: string) => async ({ desk }: Now): Promise<void> => expect(await desk.store.bulks.newest('marek' as AgentId)).toMatchObject({ state });
const templateSays = (body: string | undefined) => async ({ desk, word }: Now): Promise<void> => expect((await desk.store.desk.load()).templates.find(({ name }) => name === `Left ${word}`)?.texts[0]?.body).toBe(body);
const searchFor = (words: string | undefined, name = '{word}') => async ({ desk, word }: Now): Promise<void> =>
  expect((await desk.store.savedSearches.usableBy('marek' as AgentId)).find((search) => search.name === name.replace('{word}', word))?.words).toBe(words?.replace('{word}', word));
const verdict = (wanted: string | undefined) => async ({ desk, customer }: Now): Promise<void> => expect((await desk.store.senders.all()).find(({ pattern }) => pattern === customer)?.verdict).toBe(wanted);
const personNotes = (texts: readonly string[]) => async ({ desk, person: { id } }: Now): Promise<void> => expect((await desk.store.customers.notes(id)).map(({ text }) => text)).toEqual(texts);

/** On the chat platform; on the web desk nobody has to be. */
const known = async ({ desk }: Now): Promise<void> => {
  const [channel] = desk.desk.channels;
  if (channel && channel.bridge !== 'web') expect(await desk.store.people.personsOf(channel.bridge, 'marek' as AgentId)).toHaveLength(1);
};

const bulkAsked = does('marek', 'bulk', { do: 'close', words: 'subject:{word}' });
const templateMade = does('marek', 'template-new', { name: 'Left {word}', text: 'It left today' });
const searchSaved = does('marek', 'save-search', { name: '{word}', words: 'subject:{word}' });

/** Those that only show something. Said again they show it again; they always speak of the present. */
const shows = (words: string, told: Told, { where, refused, given = [], meanwhile = [], thenTold = told }: Pick<VerbCase, 'where' | 'refused' | 'given'> & { readonly meanwhile?: VerbCase['stale']['meanwhile']; readonly thenTold?: Told }): VerbCase => ({
  given, words, ...(where && { where }), told, then: nothingToSee, trace: 'nowhere', again: again.nothing(told), stale: said(meanwhile, thenTold, 'nothing'), refused,
});

export const VERB_TABLE: Readonly<Record<string, VerbCase>> = {
  /* ---- whose it is ---- */
  claim: {
    words: 'claim', told: /Claimed #\d+/, then: is({ assigneeId: 'marek' as AgentId }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is yours already/),
    stale: drawn([does('ada', 'claim')], /is with Ada Chief already/, 'nothing'),
  },
  release: {
    given: [does('marek', 'claim')], words: 'release', told: /Released #\d+/, then: is({ assigneeId: undefined }), trace: 'history', refused: 'viewer',
    again: again.nothing(/Nobody has claimed/),
    stale: drawn([does('ada', 'assign', { to: 'ada' })], /is with Ada Chief, not with you/, 'nothing'),
  },
  assign: {
    words: 'assign anna', told: /Assigned #\d+ to Anna Zielińska/, then: is({ assigneeId: 'anna' as AgentId }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is with Anna Zielińska already/),
    stale: drawn([does('ada', 'claim')], /is with Ada Chief now/, 'nothing', { to: 'anna' }),
  },
  'hand-over': {
    words: 'hand-over anna She wants her money back', told: /Assigned #\d+ to Anna Zielińska/, trace: 'history', refused: 'viewer',
    then: ({ conversation, notes }) => expect([conversation.assigneeId, notes.map(({ text }) => text)]).toEqual(['anna', ['She wants her money back']]),
    again: again.nothing(/is with Anna Zielińska already/),
    stale: drawn([does('ada', 'claim')], /is with Ada Chief now/, 'nothing', { to: 'anna', text: 'She wants her money back' }),
  },

  /* ---- notes ---- */
  note: {
    words: 'note Call her on Friday', told: /Note saved/, then: ({ notes }) => expect(notes).toMatchObject([{ authorId: 'marek', text: 'Call her on Friday' }]), trace: 'history', refused: 'viewer',
    // Whoever writes twice has said it twice.
    again: again.more(/Note saved/, ({ notes }) => expect(notes).toHaveLength(2)),
    stale: drawn([writes('One more thing')], /Note saved/, ({ notes }) => expect(notes).toMatchObject([{ text: 'Call her' }]), { text: 'Call her' }),
  },
  pin: {
    given: [does('marek', 'note', { text: 'Call her first' })], words: 'pin', told: /Note pinned/, then: ({ notes, desk }) => expect(notes).toMatchObject([{ pinnedAt: desk.now() }]), trace: 'history', refused: 'viewer',
    again: again.nothing(/pinned on #\d+ already/),
    stale: drawn([does('ada', 'pin')], /pinned on #\d+ already/, 'nothing'),
  },
  unpin: {
    given: [does('marek', 'pin', { text: 'Call her first' })], words: 'unpin', told: /Note unpinned/, then: ({ notes }) => expect(notes).toMatchObject([{ pinnedAt: undefined }]), trace: 'history', refused: 'viewer',
    again: again.nothing(/No note is pinned/),
    stale: drawn([does('ada', 'unpin')], /No note is pinned/, 'nothing'),
  },

  /* ---- answers ---- */
  reply: {
    words: 'reply A new one leaves today', told: /goes out in 15 seconds/, then: answer({ state: 'queued', text: 'A new one leaves today', authorId: 'marek' as AgentId }), trace: 'history', refused: 'viewer', mails: 1,
    again: again.nothing(/has this very answer already/),
    stale: drawn([writes('I want my money back instead')], /I want my money back instead/, 'nothing', { text: 'A new one leaves today' }),
  },
  draft: {
    words: 'draft Half a thought', told: /Draft kept/, then: answer({ state: 'draft', text: 'Half a thought' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/has this very answer already/),
    // Nothing leaves, so nothing is held.
    stale: drawn([writes('One more thing')], /Draft kept/, answer({ state: 'draft', text: 'Half a thought' }), { text: 'Half a thought' }),
  },
  edit: {
    given: [does('marek', 'reply', { text: 'It leaves tomorow' })], words: 'edit It leaves tomorrow', told: /goes out in 15 seconds/, then: answer({ state: 'queued', text: 'It leaves tomorrow' }), trace: 'history', refused: 'viewer', mails: 1,
    again: again.nothing(/Nothing would change/),
    stale: drawn([passes(UNDO_MS)], NO_WAY_BACK, 'nothing', { text: 'It leaves tomorrow' }),
  },
  approve: {
    given: [does('ada', 'draft', { text: 'Half a thought' })], words: 'approve', told: /goes out in 15 seconds/, then: answer({ state: 'queued', authorId: 'marek' as AgentId }), trace: 'history', refused: 'viewer', mails: 1,
    again: again.nothing(/has no draft/),
    stale: drawn([does('ada', 'edit', { text: 'A whole thought' })], /A whole thought/, 'nothing'),
  },
  'send-back': {
    given: [does('nina', 'reply', { text: 'No.' })], words: 'send-back Be kinder', told: /Sent back to Nina New/, then: answer({ state: 'draft', authorId: 'nina' as AgentId }), trace: 'history', refused: 'viewer',
    again: again.nothing(/nothing that waits for approval/),
    stale: drawn([does('ada', 'approve')], /nothing that waits for approval/, 'nothing', { text: 'Be kinder' }),
  },
  forward: {
    words: 'forward lab@lab.example Is this the glaze?', told: /goes out in 15 seconds/, then: answer({ state: 'queued', subject: expect.stringContaining('Fwd:') as string, to: [{ address: 'lab@lab.example', name: '' }] }), trace: 'history', refused: 'viewer', mails: 1,
    again: again.nothing(/has this very answer already/),
    // What goes is what was there when the form was opened.
    stale: drawn([writes('And this is private')], /goes out in 15 seconds/, answer({ text: expect.not.stringContaining('private') as string }), { to: 'lab@lab.example', text: 'Is this the glaze?' }),
  },
  write: {
    words: 'write to:new.{customer} subject:"Your {word} order" It is ready', where: 'anywhere', told: /goes out in 15 seconds/, trace: 'history', refused: 'viewer', mails: 1,
    then: async ({ desk, number, word }) => expect(await newestOf(desk, number)).toMatchObject({ subject: `Your ${word} order`, status: 'pending', assigneeId: 'marek' }),
    again: again.nothing(/has this very answer already/),
    stale: said([does('ada', 'write', { to: 'new.{customer}', subject: 'Your {word} order', text: 'It was ready yesterday' })], /goes out in 15 seconds/, async ({ desk, number }) => expect(await newestOf(desk, number)).toMatchObject({ assigneeId: 'marek' })),
  },
  undo: {
    given: [does('marek', 'reply', { text: 'Wrong window' })], words: 'undo', told: /Taken back\. Nothing was sent/, then: answer({ state: 'cancelled' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/has no answer of yours/),
    stale: drawn([passes(UNDO_MS)], NO_WAY_BACK, 'nothing'),
  },
  arrived: {
    given: [doubt], words: 'arrived', told: /Marked as arrived/, then: answer({ state: 'sent' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/No answer in #\d+ waits for such a decision/),
    stale: drawn([does('ada', 'arrived')], /decided already/, 'nothing'),
  },
  'send-again': {
    given: [doubt], words: 'send-again', told: /The answer is sent again/, then: answer({ state: 'sent' }), trace: 'history', refused: 'viewer', mails: 1,
    again: again.nothing(/No answer in #\d+ waits for such a decision/),
    stale: drawn([does('ada', 'arrived')], /decided already/, 'nothing'),
  },

  /* ---- how it stands ---- */
  close: {
    words: 'close', told: /Closed #\d+/, then: is({ status: 'closed' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is closed already/),
    stale: drawn([writes('I want my money back instead')], /I want my money back instead/, 'nothing'),
  },
  reopen: {
    given: [does('marek', 'close')], words: 'reopen', told: /Reopened #\d+/, then: is({ status: 'open' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is open already/),
    stale: drawn([writes('It broke again, what now?')], /is open already/, 'nothing'),
  },
  wait: {
    words: 'wait', told: /waits for the customer/, then: is({ status: 'pending' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/waits for the customer already/),
    stale: drawn([writes('I want my money back instead')], /I want my money back instead/, 'nothing'),
  },
  'follow-up': {
    words: 'follow-up 3d', told: /comes back/, then: ({ conversation, desk }) => expect(conversation).toMatchObject({ status: 'pending', followUpAt: new Date(desk.now().getTime() + 3 * 86_400_000) }), trace: 'history', refused: 'viewer',
    again: again.nothing(/comes back .* already/),
    stale: drawn([writes('I want my money back instead')], /I want my money back instead/, 'nothing', { after: '3d' }),
  },
  snooze: {
    words: 'snooze tomorrow 9', told: /Snoozed #\d+ until/, then: is({ status: 'snoozed' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is snoozed until .* already/),
    stale: drawn([writes('I want my money back instead')], /I want my money back instead/, 'nothing', { until: 'tomorrow 9' }),
  },
  remind: {
    words: 'remind 2h Call her back', told: /You will be reminded of #\d+/, trace: 'history', refused: 'viewer',
    then: async ({ desk, conversation }) => expect(await desk.store.reminders.of(conversation.id)).toMatchObject([{ agentId: 'marek', text: 'Call her back' }]),
    again: again.nothing(/You are to be reminded of #\d+ already/),
    stale: drawn([writes('One more thing')], /You will be reminded of #\d+/, async ({ desk, conversation }) => expect(await desk.store.reminders.of(conversation.id)).toHaveLength(1), { at: '2h', text: 'Call her back' }),
  },

  /* ---- sorting ---- */
  label: {
    words: 'label complaint', told: /Labelled #\d+: complaint/, then: is({ labels: ['complaint' as never] }), trace: 'history', refused: 'viewer',
    again: again.nothing(/has the label complaint already/),
    stale: drawn([does('ada', 'label', { label: 'complaint' })], /has the label complaint already/, 'nothing', { label: 'complaint' }),
  },
  unlabel: {
    given: [does('marek', 'label', { label: 'complaint' })], words: 'unlabel complaint', told: /Took complaint off/, then: is({ labels: [] }), trace: 'history', refused: 'viewer',
    again: again.nothing(/does not have the label complaint/),
    stale: drawn([does('ada', 'unlabel', { label: 'complaint' })], /does not have the label complaint/, 'nothing', { label: 'complaint' }),
  },
  priority: {
    words: 'priority high', told: /has high priority/, then: is({ priority: 'high' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/has this priority already/),
    stale: drawn([does('ada', 'priority', { priority: 'high' })], /has this priority already/, 'nothing', { priority: 'high' }),
  },
  move: {
    words: 'move returns', told: /Moved #\d+ to returns/, then: is({ channelId: 'returns' as never }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is in returns already/, 'number'),
    stale: drawn([does('ada', 'move', { place: 'returns' })], /is in returns already/, 'nothing', { place: 'returns' }),
  },
  file: {
    words: 'file Newsletters', told: /Filed #\d+ under Newsletters/, then: is({ folderId: 'news' as never, channelId: undefined }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is in Newsletters already/, 'number'),
    stale: drawn([does('ada', 'file', { folder: 'news' })], /is in Newsletters already/, 'nothing', { folder: 'news' }),
  },
  unfile: {
    given: [does('marek', 'file', { folder: 'news' })], words: 'unfile', where: 'number', told: /Moved #\d+ to orders/, then: is({ folderId: undefined, channelId: 'orders' as never }), trace: 'history', refused: 'viewer',
    again: again.nothing(/lies in no folder/),
    stale: said([does('ada', 'unfile')], /lies in no folder/, 'nothing'),
  },
  merge: {
    given: [another()], words: 'merge {other}', told: /went into #\d+/, trace: 'history', refused: 'viewer',
    then: async ({ conversation, desk, other }) => expect(conversation.mergedInto).toBe((await desk.conversation(other)).id),
    again: again.nothing(/cannot be merged with itself/),
    stale: drawn([async ({ desk, number, other }) => void (await desk.say('ada', 'merge', number, { into: String(other) }))], /cannot be merged with itself/, 'nothing', { into: '{other}' }),
  },
  unmerge: {
    given: [another(), othersMerge], words: 'unmerge', told: /is on its own again/, trace: 'history', refused: 'viewer',
    then: async ({ desk, other }) => expect((await desk.conversation(other)).mergedInto).toBeUndefined(),
    again: again.nothing(/Nothing was merged into/),
    stale: drawn([does('ada', 'unmerge')], /Nothing was merged into/, 'nothing'),
  },
  split: {
    given: [writes('By the way, another matter')], words: 'split', told: /Split from #\d+/, trace: 'history', refused: 'viewer',
    then: async ({ desk, number, messages }) => expect([messages.length, (await newestOf(desk, number)).excerpt]).toEqual([1, 'By the way, another matter']),
    again: again.nothing(/has only one mail/),
    stale: drawn([does('ada', 'split')], /has only one mail|There is no such message/, 'nothing'),
  },
  spam: {
    words: 'spam', told: /#\d+ is spam/, then: is({ status: 'spam' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is spam already/),
    stale: drawn([does('ada', 'spam')], /is spam already/, 'nothing'),
  },
  'not-spam': {
    given: [does('marek', 'spam')], words: 'not-spam', told: /is no spam and open again/, then: is({ status: 'open' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/is no spam\. Nothing was changed/),
    stale: drawn([does('ada', 'not-spam')], /is no spam\. Nothing was changed/, 'nothing'),
  },

  /* ---- who is always spam, and who never is ---- */
  block: {
    words: 'block', told: /is spam\. From now on mail from/, then: verdict('blocked'), trace: 'history', refused: 'viewer',
    again: again.nothing(/is blocked already/),
    stale: drawn([does('ada', 'block')], /is blocked already/, 'nothing'),
  },
  unblock: {
    given: [does('marek', 'block')], words: 'unblock', told: /comes in again/, then: verdict(undefined), trace: 'history', refused: 'viewer',
    again: again.nothing(/is not blocked/),
    stale: drawn([does('ada', 'unblock')], /is not blocked/, 'nothing'),
  },
  allow: {
    words: 'allow', told: /is never taken for spam/, then: verdict('allowed'), trace: 'history', refused: 'viewer',
    again: again.nothing(/is on the allow list already/),
    stale: drawn([does('ada', 'allow')], /is on the allow list already/, 'nothing'),
  },
  disallow: {
    given: [does('marek', 'allow')], words: 'disallow', told: /is treated like any other again/, then: verdict(undefined), trace: 'history', refused: 'viewer',
    again: again.nothing(/is not on the allow list/),
    stale: drawn([does('ada', 'disallow')], /is not on the allow list/, 'nothing'),
  },
  senders: shows('senders', /Blocked, by Marek Kos/, { where: 'anywhere', refused: 'stranger', given: [does('marek', 'block')], meanwhile: [does('ada', 'unblock'), does('ada', 'allow')], thenTold: /Never spam, by Ada Chief/ }),

  /* ---- lists, the team ---- */
  my: shows('my', mine, { where: 'anywhere', refused: 'stranger', given: [does('marek', 'claim')], meanwhile: [does('marek', 'release')] }),
  unassigned: shows('unassigned', nobodys, { where: 'anywhere', refused: 'stranger', meanwhile: [does('marek', 'claim')] }),
  overdue: shows('overdue', late, { where: 'anywhere', refused: 'stranger', meanwhile: [passes(1_000)] }),
  team: shows('team care', ofCare, { where: 'anywhere', refused: 'stranger', meanwhile: [does('ada', 'assign', { to: 'care' })] }),
  workload: shows('workload', /Marek Kos/, { where: 'anywhere', refused: 'stranger', meanwhile: [does('ada', 'assign', { to: 'anna' })], thenTold: /Anna Zielińska.*\d+ open/s }),
  duty: shows('duty care', /On duty now:.*Care.*Anna Zielińska/s, { where: 'anywhere', refused: 'stranger' }),
  away: {
    words: 'away mon 9', where: 'anywhere', told: /Marek Kos: away from .*, back/, trace: 'record', refused: 'viewer',
    then: async ({ desk }) => expect((await desk.store.absences.notOver(desk.now())).map(({ agentId }) => agentId)).toEqual(['marek']),
    again: again.nothing(/Marek Kos: away until .*, as was said before/),
    stale: said([does('ada', 'away', { who: 'marek', until: 'mon 9' })], /as was said before/, 'nothing'),
    after: [does('marek', 'back')],
  },
  back: {
    given: [does('marek', 'away', { until: 'mon 9' }), passes(1_000)], words: 'back', where: 'anywhere', told: /Marek Kos: back, and given work again/, trace: 'record', refused: 'viewer',
    then: async ({ desk }) => expect(await desk.store.absences.notOver(desk.now())).toEqual([]),
    again: again.nothing(/Marek Kos is not away/),
    stale: said([does('ada', 'back', { who: 'marek' })], /Marek Kos is not away/, 'nothing'),
  },

  /* ---- the customer's card ---- */
  customer: shows('customer', /Customer: Eve/, { refused: 'blind', meanwhile: [does('ada', 'rename-customer', { name: 'Renamed {word}' })], thenTold: /Customer: Renamed/ }),
  'rename-customer': {
    words: 'rename-customer Eve Novak', told: /Eve is called Eve Novak now/, then: person({ name: 'Eve Novak' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: drawn([does('ada', 'rename-customer', { name: 'Eve Novak' })], /says so already/, 'nothing', { name: 'Eve Novak' }),
  },
  'customer-language': {
    words: 'customer-language pl', told: /writes in: Polish/, then: person({ language: 'pl' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: drawn([does('ada', 'customer-language', { language: 'pl' })], /says so already/, 'nothing', { language: 'pl' }),
  },
  'customer-note': {
    words: 'customer-note Likes tea', told: /Noted about Eve/, then: personNotes(['Likes tea']), trace: 'history', refused: 'viewer',
    again: again.more(/Noted about Eve/, personNotes(['Likes tea', 'Likes tea'])),
    stale: drawn([writes('One more thing')], /Noted about Eve/, personNotes(['Likes coffee']), { text: 'Likes coffee' }),
  },
  'remove-customer-note': {
    given: [does('marek', 'customer-note', { text: 'Likes tea' })], words: 'remove-customer-note', told: /Note about Eve removed/, then: personNotes([]), trace: 'history', refused: 'viewer',
    again: again.nothing(/Nothing is written down/),
    stale: drawn([does('ada', 'remove-customer-note')], /Nothing is written down|This note is not there any more/, 'nothing'),
  },
  'label-customer': {
    words: 'label-customer complaint', told: /Labelled Eve: complaint/, then: person({ labels: ['complaint' as never] }), trace: 'history', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: drawn([does('ada', 'label-customer', { label: 'complaint' })], /says so already/, 'nothing', { label: 'complaint' }),
  },
  'unlabel-customer': {
    given: [does('marek', 'label-customer', { label: 'complaint' })], words: 'unlabel-customer complaint', told: /Took complaint off Eve/, then: person({ labels: [] }), trace: 'history', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: drawn([does('ada', 'unlabel-customer', { label: 'complaint' })], /says so already/, 'nothing', { label: 'complaint' }),
  },
  'link-address': {
    words: 'link-address home.{customer}', told: /is Eve, too/, then: ({ person: { addresses }, customer }) => expect(addresses).toContain(`home.${customer}`), trace: 'history', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: drawn([does('ada', 'link-address', { address: 'home.{customer}' })], /says so already/, 'nothing', { address: 'home.{customer}' }),
  },
  'unlink-address': {
    given: [does('marek', 'link-address', { address: 'home.{customer}' })], words: 'unlink-address home.{customer}', told: /is not Eve any more/, then: ({ person: { addresses }, customer }) => expect(addresses).toEqual([customer]), trace: 'history', refused: 'viewer',
    again: again.nothing(/is no address of Eve/),
    stale: drawn([does('ada', 'unlink-address', { address: 'home.{customer}' })], /is no address of Eve/, 'nothing', { address: 'home.{customer}' }),
  },
  'merge-customers': {
    given: [another('somebody else')], words: 'merge-customers {other}', told: /Eve is one with Otto now/, then: person({ name: 'Otto' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/This is the same customer already/),
    stale: drawn([does('ada', 'merge-customers', { into: '{other}' })], /This is the same customer already/, 'nothing', { into: '{other}' }),
  },
  'unmerge-customers': {
    given: [another('somebody else'), does('marek', 'merge-customers', { into: '{other}' })], words: 'unmerge-customers', told: /is on their own again/, then: person({ name: 'Eve' }), trace: 'history', refused: 'viewer',
    again: again.nothing(/Nobody was merged into Eve/),
    stale: drawn([does('ada', 'unmerge-customers')], /Nobody was merged into/, 'nothing'),
  },

  /* ---- many at once ---- */
  bulk: {
    words: 'bulk close subject:{word}', where: 'anywhere', told: /1 conversation\. Nothing is done yet/, then: bulkIs('asked'), trace: 'record', refused: 'viewer',
    // It is only a question.
    again: again.more(/1 conversation\. Nothing is done yet/, is({ status: 'open' })),
    stale: said([does('ada', 'close')], /No conversation fits/, 'nothing'),
  },
  'bulk-go': {
    given: [bulkAsked], words: 'bulk-go', where: 'anywhere', told: /0 of 1 done/, then: bulkIs('running'), trace: 'record', refused: 'viewer',
    again: again.nothing(/was begun or stopped already/),
    stale: said([does('marek', 'bulk-stop')], /was begun or stopped already/, 'nothing'),
    after: [bulkRuns],
  },
  'bulk-stop': {
    given: [bulkAsked], words: 'bulk-stop', where: 'anywhere', told: /Nothing was done/, then: bulkIs('stopped'), trace: 'record', refused: 'viewer',
    again: again.nothing(/This is over already/),
    stale: said([does('marek', 'bulk-go'), bulkRuns], /This is over already/, 'nothing'),
  },
  'bulk-undo': {
    given: [bulkAsked, does('marek', 'bulk-go'), bulkRuns], words: 'bulk-undo', where: 'anywhere', told: /taken back/, then: bulkIs('undoing'), trace: 'record', refused: 'viewer',
    again: again.nothing(/There is nothing to take back/),
    stale: said([does('marek', 'bulk-undo'), bulkRuns], /There is nothing to take back/, 'nothing'),
    after: [bulkRuns],
  },
  'bulk-show': shows('bulk-show', /1 conversation\. Nothing is done yet/, { where: 'anywhere', refused: 'stranger', given: [bulkAsked], meanwhile: [does('marek', 'bulk-go'), bulkRuns], thenTold: /done with 1 conversation/ }),
  bulks: shows('bulks', /Lately:.*subject:{word}/s, { where: 'anywhere', refused: 'stranger', given: [bulkAsked, does('marek', 'bulk-stop')] }),

  /* ---- saved searches: they are whose they are, whoever may read may keep them ---- */
  'save-search': {
    words: 'save-search {word} subject:{word}', where: 'anywhere', told: /Saved as/, then: searchFor('subject:{word}'), trace: 'record', refused: 'stranger',
    again: again.nothing(/Saved as/),
    stale: said([does('ada', 'save-search', { name: '{word}', words: 'is:open', shared: 'yes' })], /There is a search .* already/, 'nothing'),
  },
  searches: shows('searches', /{word}.*subject:{word}/s, { where: 'anywhere', refused: 'stranger', given: [searchSaved], meanwhile: [does('marek', 'save-search', { name: '{word}', words: 'is:open subject:{word}' })], thenTold: /{word}.*is:open subject:{word}/s }),
  'rename-search': {
    given: [searchSaved], words: 'rename-search {word} {word}x', where: 'anywhere', told: /is “.*x” now/, then: searchFor('subject:{word}', '{word}x'), trace: 'record', refused: 'stranger',
    again: again.nothing(/There is no saved search/),
    stale: said([does('marek', 'delete-search', { name: '{word}' })], /There is no saved search/, 'nothing'),
  },
  'delete-search': {
    given: [searchSaved], words: 'delete-search {word}', where: 'anywhere', told: /Deleted/, then: searchFor(undefined), trace: 'nowhere', refused: 'stranger',
    again: again.nothing(/There is no saved search/),
    stale: said([does('marek', 'rename-search', { name: '{word}', to: '{word}y' })], /There is no saved search/, 'nothing'),
  },

  /* ---- templates ---- */
  templates: shows('templates {word}', /Left {word}/, { where: 'anywhere', refused: 'stranger', given: [templateMade], meanwhile: [does('ada', 'template-retire', { template: 'left-{word}' })], thenTold: /No template has/ }),
  template: shows('template hello', /Hello Eve, we are on it/, { refused: 'blind', meanwhile: [does('ada', 'rename-customer', { name: 'Ewa' })], thenTold: /Hello Ewa, we are on it/ }),
  'template-new': {
    words: 'template-new "Left {word}" It left today', where: 'anywhere', told: /is there: template:left-/, then: templateSays('It left today'), trace: 'record', refused: 'viewer',
    again: again.nothing(/There is a template .* already/),
    stale: said([does('ada', 'template-new', { name: 'Left {word}', text: 'Gone' })], /There is a template .* already/, 'nothing'),
  },
  'template-save': {
    given: [does('marek', 'reply', { text: 'It left today' })], words: 'template-save "Left {word}" It left today', told: /is there: template:left-/, then: templateSays('It left today'), trace: 'record', refused: 'viewer', mails: 1,
    again: again.nothing(/There is a template .* already/),
    stale: said([does('ada', 'template-new', { name: 'Left {word}', text: 'Gone' })], /There is a template .* already/, 'nothing'),
  },
  'template-edit': {
    given: [templateMade], words: 'template-edit left-{word} It left yesterday', where: 'anywhere', told: /Template .* changed/, then: templateSays('It left yesterday'), trace: 'record', refused: 'viewer',
    again: again.nothing(/says so already/),
    stale: said([does('ada', 'template-retire', { template: 'left-{word}' })], /There is no template/, 'nothing'),
  },
  'template-retire': {
    given: [templateMade], words: 'template-retire left-{word}', where: 'anywhere', told: /Template .* retired/, then: templateSays(undefined), trace: 'record', refused: 'viewer',
    again: again.nothing(/There is no template/),
    stale: said([does('ada', 'template-retire', { template: 'left-{word}' })], /There is no template/, 'nothing'),
  },
  'template-restore': {
    given: [templateMade, does('marek', 'template-retire', { template: 'left-{word}' })], words: 'template-restore left-{word}', where: 'anywhere', told: /is offered again/, then: templateSays('It left today'), trace: 'record', refused: 'viewer',
    again: again.nothing(/was not retired/),
    stale: said([does('ada', 'template-restore', { name: 'left-{word}' })], /was not retired/, 'nothing'),
  },

  /* ---- looking ---- */
  show: shows('show', /About {word}.*It came broken/s, { refused: 'blind', meanwhile: [writes('One more thing')], thenTold: /One more thing/ }),
  history: shows('history', /History of #\d+.*New conversation/s, { refused: 'blind', meanwhile: [does('ada', 'claim')], thenTold: /Ada claimed it/ }),
  export: shows('export', /\/c\/{number}\/export\.html/, { refused: 'blind' }),
  find: shows('find {word}', /1 conversation found.*About {word}/s, { where: 'anywhere', refused: 'stranger', meanwhile: [another()], thenTold: /2 conversations found/ }),
  help: shows('help', /claim/, { where: 'anywhere', refused: 'stranger' }),
  link: {
    // On the web desk whoever says it is logged in.
    words: 'link {code}', where: 'anywhere', told: /Welcome, Marek Kos|Here the desk knows you already/, then: known, trace: 'nowhere', refused: 'stranger',
    again: again.nothing(/has been used|Here the desk knows you already/),
    stale: said([passes(11 * 60_000)], /too old|Here the desk knows you already/, 'nothing'),
  },
};
