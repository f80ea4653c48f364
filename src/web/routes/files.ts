/** What came with mail, handed out so that it can do no harm: never as a page of ours. */
import { Hono } from 'hono';
import type { AttachmentId, MessageId, NoteId } from '../../core/ids.js';
import { EffectError, Refusal } from '../../core/errors.js';
import { EXPORT_FORMATS } from '../../desk/export-conversation.js';
import type { Shared, WebEnv } from '../env.js';
import { YES } from '../verbs.js';
import { conversationOf } from './pane.js';

/** Pictures that a browser decodes without running anything; SVG is not among them. */
const SHOWN_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'; sandbox";

export function fileRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/files/:id', async (c) => {
    const attachment = await c.var.store.messages.attachment(c.req.param('id') as AttachmentId);
    if (!attachment) return c.notFound();
    const content = await orMissing(c.var.content.attachment(attachment.id));
    if (!content) return c.notFound();
    return c.body(new Uint8Array(content), 200, shownOrSaved(attachment));
  });

  app.get('/notes/:id/files/:index{[0-9]{1,4}}', async (c) => {
    const note = await c.var.store.notes.get(c.req.param('id') as NoteId);
    const file = note && !note.deletedAt ? note.files[Number(c.req.param('index'))] : undefined;
    return file ? c.body(new Uint8Array(await deps.blobs.get(file.blob)), 200, shownOrSaved(file)) : c.notFound();
  });

  app.get('/c/:number/:file{export\\.(?:html|zip)}', async (c) => {
    const conversation = await conversationOf(c);
    const format = EXPORT_FORMATS.find((known) => `export.${known}` === c.req.param('file'));
    if (!conversation || !format) return c.notFound();
    const file = await deps.exportConversation(conversation.id, c.var.agent.id, { format, internal: c.req.query('notes') === YES });
    return c.body(new Uint8Array(file.content), 200, fileHeaders(file.fileName, file.contentType, 'attachment'));
  });

  app.get('/mail/:id/source', async (c) => {
    const message = await c.var.store.messages.get(c.req.param('id') as MessageId);
    const source = message?.rawMailId && (await orMissing(c.var.content.source(message.rawMailId)));
    if (!message || !source) return c.notFound();
    const conversation = await c.var.store.conversations.get(message.conversationId);
    return c.body(new Uint8Array(source), 200, fileHeaders(`${conversation?.number ?? 'mail'}.eml`, 'message/rfc822', 'attachment'));
  });
  return app;
}

function shownOrSaved({ fileName, contentType }: { readonly fileName: string; readonly contentType: string }): Record<string, string> {
  return SHOWN_TYPES.has(contentType) ? fileHeaders(fileName, contentType, 'inline') : fileHeaders(fileName, 'application/octet-stream', 'attachment');
}

export function fileHeaders(name: string, type: string, disposition: 'inline' | 'attachment'): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Disposition': `${disposition}; filename="${name.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encodeRfc5987(name)}`,
    'Content-Security-Policy': NOTHING_ALLOWED,
    'Cache-Control': 'private, no-store',
  };
}

/** RFC 5987 section 3.2.1: what encodeURIComponent leaves as it is and the header must not have. */
const encodeRfc5987 = (text: string): string => encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** Content that is gone is "not there" for the reader, not a defect of the page. */
export async function orMissing<Content>(reading: Promise<Content>): Promise<Content | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal || error instanceof EffectError) return undefined;
    throw error;
  }
}
