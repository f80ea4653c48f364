/** Reading: lists, conversations, search, and the parts that are brought up to date. */
import { Hono } from 'hono';
import type { Child } from 'hono/jsx';
import type { MessageId } from '../../core/ids.js';
import type { Conversation, Template } from '../../core/model.js';
import { offeredTo } from '../../core/template-choice.js';
import { fillIn } from '../../desk/fill-template.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { takeSaying } from '../flash.js';
import { DeskPage, navFacts } from '../pages/desk-page.js';
import { PlacesPage } from '../pages/places-page.js';
import { Composer, emptyDraft, type Draft } from '../parts/composer.js';
import { ConversationNews, ConversationPane, EmptyPane, undoFacts } from '../parts/conversation.js';
import { Cards, ListTitle } from '../parts/list.js';
import { NavLists } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import { UndoBar } from '../parts/undo-bar.js';
import { ALL_OPEN, conversationPath, parsePlace, VIEW_KINDS, type Place } from '../place.js';
import { loadUndoable } from '../views/conversation-view.js';
import { loadDeskView, type DeskView } from '../views/desk-view.js';
import { conversationOf, isHtmx, paneFacts, readRevision, type PaneWishes } from './pane.js';

const MAX_PAGE = 10_000;

export function deskRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/', (c) => showList(c, deps, ALL_OPEN));
  app.get('/view/:kind', (c) => {
    const view = VIEW_KINDS.find((kind) => kind === c.req.param('kind'));
    return view ? showList(c, deps, { kind: 'view', view }) : c.notFound();
  });
  app.get('/channel/:id', (c) => {
    const channel = c.var.desk.channels.find(({ id }) => id === c.req.param('id'));
    return channel ? showList(c, deps, { kind: 'channel', id: channel.id }) : c.notFound();
  });
  app.get('/team/:id', (c) => {
    const team = c.var.desk.teams.find(({ id }) => id === c.req.param('id'));
    return team ? showList(c, deps, { kind: 'team', id: team.id }) : c.notFound();
  });
  app.get('/folder/:id', (c) => {
    const folder = c.var.desk.folders.find(({ id }) => id === c.req.param('id'));
    return folder ? showList(c, deps, { kind: 'folder', id: folder.id }) : c.notFound();
  });
  app.get('/find', (c) => showList(c, deps, { kind: 'find', words: (c.req.query('q') ?? '').slice(0, 200) }));

  for (const tab of ['channels', 'more'] as const) {
    app.get(`/${tab}`, async (c) => {
      const { desk, agent, session, reader } = c.var;
      const counts = await c.var.store.conversations.counts(agent.id);
      return c.html(<PlacesPage reader={reader} tab={tab} facts={{ desk, agent, counts, here: tab, csrf: session.csrf, demo: deps.demo !== undefined }} />);
    });
  }

  app.get('/c/:number', async (c) => {
    const conversation = await conversationOf(c);
    if (!conversation) return c.notFound();
    const place = c.req.query('in') === undefined ? homeOf(conversation) : parsePlace(c.req.query('in'));
    // Whoever looks at a conversation has seen what they were told about it.
    await c.var.store.notices.read(c.var.agent.id, conversation.id, c.var.reader.now);
    const draft = await askedDraft(c, conversation);
    const flash = takeSaying(c);
    const saying: Saying | undefined = flash && { tone: flash.tone, text: c.var.reader.say(flash.key, flash.params) };
    return showConversation(c, deps, conversation, { place, draft, saying });
  });
  app.get('/go/:id', async (c) => {
    const conversation = await c.var.store.conversations.get(c.req.param('id') as Conversation['id']);
    return conversation ? c.redirect(conversationPath(conversation.number, ALL_OPEN)) : c.notFound();
  });
  app.get('/c/:number/template/:id', async (c) => {
    const conversation = await conversationOf(c);
    const filled = conversation && (await filledTemplate(c, conversation, c.req.param('id')));
    return filled ? c.json({ id: filled.template.id, text: filled.text, files: filled.template.files }) : c.notFound();
  });

  app.get('/parts/list', async (c) => {
    const { desk, agent, reader, session } = c.var;
    const view = await loadDeskView(c.var.store, { now: c.var.reader.now, desk, agent, place: parsePlace(c.req.query('in')), page: pageOf(c), current: readRevision(c.req.query('at')), troubles: troublesOf(c, deps) });
    return c.html(<><Cards reader={reader} view={view} /><ListTitle reader={reader} view={view} oob /><NavLists reader={reader} facts={navFacts({ view, csrf: session.csrf, demo: deps.demo !== undefined })} oob /></>);
  });
  app.get('/parts/undo', async (c) => {
    const facts = undoFacts({ csrf: c.var.session.csrf, once: deps.once(), place: ALL_OPEN }, { undoable: await loadUndoable(c.var.store, c.var.agent, c.var.reader.now), desk: c.var.desk });
    return c.html(<><UndoBar reader={c.var.reader} facts={facts} oob /><UndoBar reader={c.var.reader} facts={facts} id="undo-list" oob /></>);
  });
  app.get('/parts/c/:number', async (c) => {
    const conversation = await conversationOf(c);
    const facts = conversation && (await paneFacts(c, deps, conversation, { place: parsePlace(c.req.query('in')), begunAt: readRevision(c.req.query('begun')) }));
    return facts ? c.html(<ConversationNews {...facts} />) : c.notFound();
  });
  app.get('/parts/c/:number/composer', async (c) => {
    const conversation = await conversationOf(c);
    const draft = conversation && (await askedDraft(c, conversation));
    const facts = conversation && draft && (await paneFacts(c, deps, conversation, { place: parsePlace(c.req.query('in')), draft }));
    return facts ? c.html(<Composer {...facts} oob />) : c.notFound();
  });
  return app;
}

/** Without a word about where the agent came from: the list in which this conversation lies. */
function homeOf(conversation: Conversation): Place {
  if (conversation.folderId) return { kind: 'folder', id: conversation.folderId };
  return conversation.status === 'open' ? ALL_OPEN : { kind: 'view', view: conversation.status };
}

function pageOf(c: WebContext): number {
  return Math.min(readRevision(c.req.query('page')) ?? 0, MAX_PAGE);
}

/** Of channels that the agent sees, and of whole platforms. */
function troublesOf(c: WebContext, deps: Shared): DeskView['troubles'] {
  return (deps.troubles?.() ?? []).filter(({ channel }) => !channel || c.var.desk.channels.some(({ id }) => id === channel.id));
}

async function showList(c: WebContext, deps: Shared, place: Place): Promise<Response> {
  const { desk, agent, reader, session } = c.var;
  const [view, undoable] = await Promise.all([
    loadDeskView(c.var.store, { now: c.var.reader.now, desk, agent, place, page: pageOf(c), current: undefined, troubles: troublesOf(c, deps) }),
    loadUndoable(c.var.store, agent, reader.now),
  ]);
  const once = deps.once();
  const flash = takeSaying(c);
  return c.html(
    page(c, deps, view, once, undoable, undefined, (
      <EmptyPane reader={reader} forms={{ csrf: session.csrf, once, place }} view={{ undoable, desk }} saying={flash && { tone: flash.tone, text: reader.say(flash.key, flash.params) }} />
    )),
  );
}

/** The whole page, or only the pane when it is the pane that htmx asked for. */
export async function showConversation(c: WebContext, deps: Shared, conversation: Conversation, wishes: PaneWishes, status: 200 | 409 | 422 = 200): Promise<Response> {
  const { desk, agent } = c.var;
  const facts = await paneFacts(c, deps, conversation, wishes);
  if (!facts) return c.notFound();
  const title = `#${conversation.number} ${conversation.subject}`;
  c.header('Vary', 'HX-Request, HX-Target');
  if (isHtmx(c) && c.req.header('HX-Target') === 'conversation') return c.html(<><title>{`${title} · Goniec`}</title><ConversationPane {...facts} /></>, status);
  const view = await loadDeskView(c.var.store, { now: c.var.reader.now, desk, agent, place: wishes.place, page: 0, current: conversation.number, troubles: troublesOf(c, deps) });
  return c.html(page(c, deps, view, facts.forms.once, facts.view.undoable, title, <ConversationPane {...facts} />), status);
}

function page(c: WebContext, deps: Shared, view: DeskView, once: string, undoable: DeskPageUndoable, title: string | undefined, pane: Child) {
  return <DeskPage reader={c.var.reader} view={view} csrf={c.var.session.csrf} once={once} demo={deps.demo !== undefined} undoable={undoable} title={title}>{pane}</DeskPage>;
}
type DeskPageUndoable = Parameters<typeof DeskPage>[0]['undoable'];

/** Text that an address asks to have in the composer: an answer that was taken back, or a template. */
async function askedDraft(c: WebContext, conversation: Conversation): Promise<Draft | undefined> {
  const asked = c.req.query('draft');
  const template = c.req.query('template');
  const empty = emptyDraft(conversation.revision);
  if (asked) {
    const message = await c.var.store.messages.get(asked as MessageId);
    const mine = message?.conversationId === conversation.id && message.direction === 'out' && message.authorId !== undefined;
    if (!mine) return undefined;
    const files = message.attachments.flatMap(({ content, fileName, contentType, bytes }) => (content.kind === 'blob' ? [{ blob: content.hash, fileName, contentType, bytes }] : []));
    return { ...empty, mode: 'answer', answer: message.text, files, filled: true };
  }
  const filled = template && (await filledTemplate(c, conversation, template));
  return filled ? { ...empty, mode: 'answer', answer: filled.text, files: filled.template.files, used: [filled.template.id], filled: true } : undefined;
}

/** A template for this customer. A variable that has no value stays visible; sending it is refused with the reason. */
async function filledTemplate(c: WebContext, conversation: Conversation, id: string): Promise<{ readonly template: Template; readonly text: string } | undefined> {
  const { desk, agent, reader } = c.var;
  const template = offeredTo(desk.templates, agent, conversation.mailboxId).find((known) => known.id === id);
  return template && { template, text: (await fillIn({ tx: c.var.store, desk, now: reader.now, actor: agent }, conversation, { template, text: '' })).text };
}
