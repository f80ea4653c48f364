/** Doing: every button and both boxes of the composer become a CommandCall, exactly as on the other platforms. */
import { Hono } from 'hono';
import type { CommandCall, CommandOutcome } from '../../core/calls.js';
import type { MessageId } from '../../core/ids.js';
import type { Conversation, StoredFile } from '../../core/model.js';
import { may } from '../../core/permissions.js';
import { COMMANDS } from '../../commands/index.js';
import { parseWords } from '../../commands/words.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying } from '../flash.js';
import { readForm, type Fields } from '../forms.js';
import { ConversationUpdate } from '../parts/conversation.js';
import { emptyDraft, type Draft } from '../parts/composer.js';
import type { Saying } from '../parts/said.js';
import { conversationPath, parsePlace, type Place } from '../place.js';
import { keptFiles, keepUploads } from '../uploads.js';
import { ARG, DRAFT, NOTE, REPLY, THREAD_FILE, UNDO, YES } from '../verbs.js';
import { showConversation } from './desk.js';
import { conversationOf, isHtmx, paneFacts, readRevision } from './pane.js';

/** Name of this door. */
const VIA = 'web';

/** What was asked, read from a form. */
interface Asked {
  readonly call: CommandCall;
  readonly conversation: Conversation;
  readonly place: Place;
  /** Written in the composer, in this box. */
  readonly box: 'note' | 'answer' | undefined;
  readonly fields: Fields;
  /** Of each box: what was kept already and what was added now. */
  readonly files: Readonly<Record<'note' | 'answer', readonly StoredFile[]>>;
}

export function verbRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.post('/c/:number/do/:verb', async (c) => {
    const conversation = await conversationOf(c);
    if (!conversation) return c.notFound();
    const asked = await readCall(c, deps, conversation, c.req.param('verb'));
    const outcome = asked.call.verb === '' ? unknownWords(asked) : await deps.perform(asked.call);
    return answer(c, deps, asked, outcome);
  });

  app.post('/c/:number/presence', async (c) => {
    const conversation = await conversationOf(c);
    if (!conversation) return c.notFound();
    if (!may(c.var.agent.role, 'work')) return c.body(null, 204);
    const { fields } = await readForm(c);
    await (fields['state'] === 'end' ? deps.presence.end(conversation.id, c.var.agent.id, VIA) : deps.presence.begin(conversation.id, c.var.agent.id, VIA, fields['state'] === 'read' ? 'reading' : 'writing'));
    return c.body(null, 204);
  });
  return app;
}

async function readCall(c: WebContext, deps: Shared, conversation: Conversation, verb: string): Promise<Asked> {
  const { fields, files: uploads } = await readForm(c);
  const box = fields['mode'] === undefined ? undefined : verb === NOTE ? 'note' : 'answer';
  const text = box && fields[box];
  const kept = async (hidden: string, field: string): Promise<readonly StoredFile[]> => [...keptFiles(fields[hidden]), ...(await keepUploads(deps.blobs, uploads.get(field) ?? []))];
  const files = { answer: await kept('kept', 'attach'), note: await kept('kept-note', 'note-attach') };
  const words = text === undefined ? ({ kind: 'plain' } as const) : parseWords(text, COMMANDS);
  const command = words.kind === 'call' ? words.command : COMMANDS.find(({ name }) => name === verb);
  const typed = words.kind === 'call' ? words.args : Object.fromEntries((command?.options ?? []).flatMap(({ name }) => (fields[name] === undefined || isAsItWas(fields, name) ? [] : [[name, fields[name]]])));
  const args: Record<string, string> = { ...typed };
  if (box && words.kind === 'plain') args[ARG.text] = text ?? '';
  const attached = Object.keys(fields).filter((name) => name.startsWith(THREAD_FILE)).map((name) => name.slice(THREAD_FILE.length));
  if (attached.length > 0 && box !== 'note') args[ARG.attach] = attached.join(',');
  if (box && command?.options.some(({ kind }) => kind === 'files') && files[box].length > 0) args[ARG.files] = JSON.stringify(files[box]);
  return {
    conversation, box, fields, files,
    place: parsePlace(fields['in']),
    call: {
      verb: words.kind === 'unknown' ? '' : (command?.name ?? verb),
      args,
      actor: c.var.agent.id,
      via: VIA,
      conversationId: conversation.id,
      // "Send anyway" speaks of everything that was on the screen, and of nothing that came later.
      revision: readRevision(fields['seen']) ?? readRevision(fields['revision']),
      eventId: fields['once'] ? `${c.var.agent.id}:${fields['once']}` : undefined,
    },
  };
}

/** Fields that stand filled in are only said where somebody changed them: what they held may be out of date. */
const isAsItWas = (fields: Fields, name: string): boolean => fields[`${name}-was`] !== undefined && fields[`${name}-was`] === fields[name];

/** A box that begins like a command, but there is none of that name: nothing is saved, nothing is sent. */
function unknownWords({ fields, box }: Asked): CommandOutcome {
  const words = parseWords(fields[box ?? 'note'] ?? '', COMMANDS);
  const said = words.kind === 'unknown' ? words.said : '';
  const suggestion = words.kind === 'unknown' ? words.suggestion : undefined;
  return { kind: 'refused', message: { key: 'refused.unknown-verb', params: { verb: said } }, ...(suggestion && { suggestion }) };
}

async function answer(c: WebContext, deps: Shared, asked: Asked, outcome: CommandOutcome): Promise<Response> {
  const { call, place, box } = asked;
  const conversation = (await c.var.store.conversations.get(asked.conversation.id)) ?? asked.conversation;
  if (outcome.kind === 'done' && call.verb === UNDO && asked.fields['discard'] === undefined) return undone(c, asked, outcome);

  const draft = box && draftAfter(asked, outcome, conversation);
  const otherBox = draft && (draft.note || draft.answer || draft.files.length > 0 || draft.noteFiles.length > 0);
  if (outcome.kind === 'done' && !isHtmx(c) && !otherBox) {
    leaveSaying(c, 'done', outcome.message);
    return c.redirect(conversationPath(conversation.number, place), 303);
  }
  const saying = await sayingOf(c, asked, outcome);
  const preview = outcome.kind === 'preview' ? outcome : undefined;
  const begunAt = draft ? (draft.answer ? draft.begunAt : undefined) : readRevision(asked.fields['begun']);
  const status = outcome.kind === 'refused' ? 422 : outcome.kind === 'held' ? 409 : 200;
  const wishes = { place, draft, saying, preview, begunAt };
  if (!isHtmx(c)) return showConversation(c, deps, conversation, wishes, status);
  const facts = await paneFacts(c, deps, conversation, wishes);
  return facts ? c.html(<ConversationUpdate {...facts} withComposer={box !== undefined} />, status) : c.notFound();
}

/** The text of an answer that was taken back is in the composer again. */
function undone(c: WebContext, asked: Asked, outcome: Extract<CommandOutcome, { kind: 'done' }>): Response {
  const { conversation, place, fields } = asked;
  const path = conversationPath(conversation.number, place);
  const target = fields[ARG.message] ? `${path}${path.includes('?') ? '&' : '?'}draft=${encodeURIComponent(fields[ARG.message] as MessageId)}` : path;
  leaveSaying(c, 'done', outcome.message);
  if (!isHtmx(c)) return c.redirect(target, 303);
  c.header('HX-Location', JSON.stringify({ path: target, target: '#conversation', swap: 'outerHTML show:none', headers: { 'HX-Target': 'conversation' } }));
  return c.body(null, 204);
}

/** What stands in both boxes afterwards: what was saved or sent is gone, everything else is still there. */
function draftAfter({ fields, files, box, call }: Asked, outcome: CommandOutcome, conversation: Conversation): Draft {
  const begunAt = readRevision(fields['revision']) ?? conversation.revision;
  const settled = outcome.kind === 'done' || outcome.kind === 'list';
  const note = settled && box === 'note' ? '' : (fields['note'] ?? '');
  const text = settled && box === 'answer' ? '' : (fields['answer'] ?? '');
  // After sending, the composer falls back to the note: the next words are for the team unless somebody says otherwise.
  return {
    ...emptyDraft(text ? begunAt : conversation.revision),
    mode: settled && (call.verb === REPLY || call.verb === DRAFT || box === 'note') ? 'note' : (box ?? 'note'),
    note, answer: text,
    files: settled && box === 'answer' ? [] : files.answer,
    noteFiles: settled && box === 'note' ? [] : files.note,
    used: settled && box === 'answer' ? [] : (fields['used'] ?? '').split(',').filter(Boolean),
    filled: !settled,
    sent: settled ? box : undefined,
    ...(outcome.kind !== 'done' && { receivers: { to: fields['to'], cc: fields['cc'], bcc: fields['bcc'] }, at: fields['at'] ?? '' }),
    strangers: outcome.kind === 'held' ? outcome.strangers : [],
  };
}

async function sayingOf(c: WebContext, { call }: Asked, outcome: CommandOutcome): Promise<Saying | undefined> {
  const { reader } = c.var;
  const text = reader.say(outcome.message.key, outcome.message.params);
  switch (outcome.kind) {
    case 'done':
      return { tone: 'done', text };
    case 'refused':
      return { tone: 'refused', text, suggestion: outcome.suggestion };
    case 'held':
      // An answer says so inside the composer, beside its text.
      return call.verb === REPLY ? undefined : { tone: 'held', text, held: { verb: call.verb, newer: outcome.newer, args: { ...call.args, ...outcome.again?.args, ...(outcome.strangers.length > 0 && { [ARG.anyway]: YES }) } } };
    case 'list': {
      const items = await Promise.all(outcome.items.map(async (item) => ({ ...item, number: item.conversationId && (await c.var.store.conversations.get(item.conversationId))?.number })));
      return { tone: 'list', text, items };
    }
    case 'form':
      return { tone: 'list', text, items: outcome.items.map((item) => ({ ...item, number: undefined })) };
    case 'preview':
      return undefined;
  }
}
