/** The HTML part of a mail, sanitised, as a document for a frame in which nothing can run and nothing is fetched unasked. */
import { Hono } from 'hono';
import { raw } from 'hono/html';
import type { MessageId } from '../../core/ids.js';
import type { Message } from '../../core/model.js';
import { assetUrl } from '../assets.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { orMissing } from './files.js';

/** Inline pictures travel inside the document, since a sandboxed frame has no cookie to fetch them with. */
const MAX_INLINE_BYTES = 3 * 1024 * 1024;
const INLINE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

const policy = (images: 'blocked' | 'allowed'): string =>
  [
    "default-src 'none'",
    images === 'allowed' ? 'img-src data: https: http:' : 'img-src data:',
    // Mails are styled inline; our own style sheet gives the paper.
    "style-src 'unsafe-inline' 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-popups allow-popups-to-escape-sandbox',
  ].join('; ');

export function mailHtmlRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.get('/mail/:id/html', async (c) => {
    const { reader } = c.var;
    const message = await c.var.store.messages.get(c.req.param('id') as MessageId);
    const html = message && (await orMissing(c.var.content.html(message.id)));
    if (!message || html === undefined) return c.notFound();
    const images = c.req.query('images') === '1' ? 'allowed' : 'blocked';
    const pictures = await inlinePictures(c, message);
    const shown = deps.showHtml(html, { images, cidUrl: (id) => pictures.get(id) });
    c.header('Content-Security-Policy', policy(images));
    c.header('Referrer-Policy', 'no-referrer');
    return c.html(
      <>
        {raw('<!doctype html>')}
        <html lang={message.language ?? reader.locale}>
          <head>
            <meta charset="utf-8" />
            <meta name="referrer" content="no-referrer" />
            <title>{message.subject}</title>
            <link rel="stylesheet" href={assetUrl('mail.css')} />
          </head>
          <body>
            {shown.blockedImages > 0 && <p class="goniec-blocked" lang={reader.locale}>{reader.say('web.mail.blocked', { count: shown.blockedImages })}</p>}
            <div dangerouslySetInnerHTML={{ __html: shown.html }} />
          </body>
        </html>
      </>,
    );
  });
  return app;
}

async function inlinePictures(c: WebContext, message: Message): Promise<ReadonlyMap<string, string>> {
  const pictures = new Map<string, string>();
  let left = MAX_INLINE_BYTES;
  for (const { id, contentId, contentType, bytes } of message.attachments) {
    if (!contentId || !INLINE_TYPES.has(contentType) || bytes > left) continue;
    const content = await orMissing(c.var.content.attachment(id));
    if (!content) continue;
    left -= content.byteLength;
    pictures.set(contentId, `data:${contentType};base64,${Buffer.from(content).toString('base64')}`);
  }
  return pictures;
}
