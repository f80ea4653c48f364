/** Templates: listed, looked at, made, changed, retired. Every change is a verb, as on the other platforms. */
import { Hono } from 'hono';
import { loadedAs } from '../../commands/keep-template.js';
import type { CommandOutcome } from '../../core/calls.js';
import type { MessageId } from '../../core/ids.js';
import type { Template } from '../../core/model.js';
import { may } from '../../core/permissions.js';
import { offeredTo } from '../../core/template-choice.js';
import { asTemplate, isAnswer } from '../../desk/answer-as-template.js';
import { fillIn } from '../../desk/fill-template.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm, type Sent } from '../forms.js';
import { TemplateFormPage } from '../pages/template-form-page.js';
import { TemplatePage, type FilledFor } from '../pages/template-page.js';
import { templatePath, TemplatesPage } from '../pages/templates-page.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import { keepUploads, keptFiles } from '../uploads.js';
import { loadTemplatesView, type TemplateDraft } from '../views/templates-view.js';
import { fileHeaders } from './files.js';
import { readRevision } from './pane.js';

const VIA = 'web';
const NEW: TemplateDraft = { name: '', category: '', texts: [], mailboxes: [], teams: [], files: [] };
const MAX_WORDS_CHARS = 200;

export function templateRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  const facts = async (c: WebContext): Promise<NavFacts> => ({
    desk: c.var.desk, agent: c.var.agent, counts: await c.var.store.conversations.counts(c.var.agent.id), here: 'templates', csrf: c.var.session.csrf, demo: deps.demo !== undefined,
  });
  const saying = (c: WebContext): Saying | undefined => {
    const flash = takeSaying(c);
    return flash && { tone: flash.tone, text: c.var.reader.say(flash.key, flash.params) };
  };
  const mayWork = (c: WebContext): boolean => may(c.var.agent.role, 'work');
  const find = (c: WebContext): Template | undefined => offeredTo(c.var.desk.templates, c.var.agent).find(({ id }) => id === c.req.param('id'));
  const perform = (c: WebContext, verb: string, args: Readonly<Record<string, string>>): Promise<CommandOutcome> =>
    deps.perform({ verb, args, actor: c.var.agent.id, via: VIA, conversationId: undefined, revision: undefined, eventId: undefined });
  const categories = (c: WebContext): readonly string[] => [...new Set(c.var.desk.templates.map(({ category }) => category))].filter((category) => category !== '').sort();

  const showForm = async (c: WebContext, how: { readonly title: string; readonly action: string; readonly draft: TemplateDraft; readonly problem?: string; readonly note?: string; readonly loaded?: string }): Promise<Response> =>
    c.html(<TemplateFormPage reader={c.var.reader} facts={await facts(c)} categories={categories(c)} problem={how.problem} {...how} />, how.problem === undefined ? 200 : 422);

  app.get('/templates', async (c) => {
    const { desk, agent, reader } = c.var;
    const view = await loadTemplatesView(c.var.store, { desk, agent, words: (c.req.query('q') ?? '').slice(0, MAX_WORDS_CHARS) });
    return c.html(<TemplatesPage reader={reader} facts={await facts(c)} view={view} said={saying(c)} mayWork={mayWork(c)} number={readRevision(c.req.query('c'))} />);
  });

  app.get('/templates/new', async (c) => {
    const { reader } = c.var;
    const from = c.req.query('from');
    const draft = from ? await draftFromAnswer(c, from as MessageId) : NEW;
    return draft ? showForm(c, { title: reader.say('verb.template-new'), action: '/templates', draft, ...(from && { note: reader.say('templates.from-answer') }) }) : c.notFound();
  });
  app.post('/templates', async (c) => {
    const sent = await readDraft(c, deps);
    const outcome = await perform(c, 'template-new', argsOf(sent));
    if (outcome.kind !== 'done') return showForm(c, { title: c.var.reader.say('verb.template-new'), action: '/templates', draft: sent, problem: c.var.reader.say(outcome.message.key, outcome.message.params) });
    leaveSaying(c, 'done', outcome.message);
    return c.redirect(templatePath(String(outcome.message.params['id'])), 303);
  });

  app.get('/templates/:id', async (c) => {
    const template = find(c);
    if (!template) return c.notFound();
    const asked = c.req.query('c');
    const filled = asked ? await filledFor(c, template, asked) : undefined;
    const [records, usage] = await Promise.all([c.var.store.templates.all(), c.var.store.templates.usage()]);
    const row = { template, usage: usage.get(template.id), changed: records.find((record) => record.template.id === template.id)?.changed };
    return c.html(<TemplatePage reader={c.var.reader} facts={await facts(c)} row={row} toHtml={deps.toHtml} filled={filled} noSuch={asked && !filled ? asked.slice(0, 12) : undefined} said={saying(c)} mayWork={mayWork(c)} />);
  });
  app.get('/templates/:id/files/:index{[0-9]{1,3}}', async (c) => {
    const file = find(c)?.files[Number(c.req.param('index'))];
    return file ? c.body(new Uint8Array(await deps.blobs.get(file.blob)), 200, fileHeaders(file.fileName, 'application/octet-stream', 'attachment')) : c.notFound();
  });

  app.get('/templates/:id/edit', async (c) => {
    const template = find(c);
    return template ? showForm(c, { title: template.name, action: templatePath(template.id), draft: template, loaded: loadedAs(template) }) : c.notFound();
  });
  app.post('/templates/:id', async (c) => {
    const template = find(c);
    if (!template) return c.notFound();
    const sent = await readDraft(c, deps);
    const outcome = await perform(c, 'template-edit', { ...argsOf(sent), template: template.id, loaded: sent.loaded ?? loadedAs(template) });
    if (outcome.kind !== 'done') {
      // What a colleague wrote meanwhile stands above; sending once more writes over it.
      const now = outcome.kind === 'form' ? outcome.items.map(({ title, text }) => ` ${title.toUpperCase()}: “${text}”`).join('') : '';
      const loaded = outcome.kind === 'form' ? loadedAs(template) : sent.loaded;
      return showForm(c, { title: template.name, action: templatePath(template.id), draft: sent, problem: c.var.reader.say(outcome.message.key, outcome.message.params) + now, ...(loaded && { loaded }) });
    }
    leaveSaying(c, 'done', outcome.message);
    return c.redirect(templatePath(template.id), 303);
  });

  for (const [path, verb, option] of [['retire', 'template-retire', 'template'], ['restore', 'template-restore', 'name']] as const) {
    app.post(`/templates/:id/${path}`, async (c) => {
      const outcome = await perform(c, verb, { [option]: c.req.param('id') });
      leaveSaying(c, outcome.kind === 'done' ? 'done' : 'refused', outcome.message);
      return c.redirect(outcome.kind === 'done' || path === 'restore' ? '/templates' : templatePath(c.req.param('id')), 303);
    });
  }
  return app;
}

async function filledFor(c: WebContext, template: Template, asked: string): Promise<FilledFor | undefined> {
  const number = readRevision(asked.trim().replace(/^#/, ''));
  const conversation = number === undefined ? undefined : await c.var.store.conversations.byNumber(number);
  if (!conversation) return undefined;
  return { conversation, ...(await fillIn({ tx: c.var.store, desk: c.var.desk, now: c.var.reader.now, actor: c.var.agent }, conversation, { template, text: '' })) };
}

/** An answer as the beginning of a template. */
async function draftFromAnswer(c: WebContext, from: MessageId): Promise<TemplateDraft | undefined> {
  const message = await c.var.store.messages.get(from);
  const conversation = message && isAnswer(message) ? await c.var.store.conversations.get(message.conversationId) : undefined;
  if (!message || !conversation) return undefined;
  const { text, language, files } = await asTemplate({ tx: c.var.store, desk: c.var.desk, now: c.var.reader.now, actor: c.var.agent }, conversation, message);
  return { ...NEW, name: conversation.subject, texts: [{ language, body: text }], files };
}

/** What was sent, complete: shown again where it is refused. */
async function readDraft(c: WebContext, deps: Shared): Promise<TemplateDraft & { readonly loaded: string | undefined }> {
  const { fields, files: uploads }: Sent = await readForm(c);
  const chosen = (prefix: string): readonly string[] => Object.keys(fields).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const texts = chosen('text.').flatMap((language) => {
    const body = (fields[`text.${language}`] ?? '').trim();
    return body === '' ? [] : [{ language: language === 'other' ? (fields['language'] ?? '').trim() : language, body }];
  });
  const stays = new Set(chosen('file.'));
  return {
    loaded: fields['loaded'], name: (fields['name'] ?? '').trim(), category: (fields['category'] ?? '').trim(), texts, mailboxes: chosen('mailbox.'), teams: chosen('team.'),
    files: [...keptFiles(fields['kept']).filter(({ blob }) => stays.has(blob)), ...(await keepUploads(deps.blobs, uploads.get('attach') ?? []))],
  };
}

/** As the verbs take it; a hyphen empties a value. */
function argsOf({ name, category, texts, mailboxes, teams, files }: TemplateDraft): Readonly<Record<string, string>> {
  return {
    name, category: category || '-', text: texts[0]?.body ?? '', texts: JSON.stringify(texts), mailboxes: mailboxes.join(',') || '-', teams: teams.join(',') || '-', files: JSON.stringify(files),
  };
}
