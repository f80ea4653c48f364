import { existsSync, readdirSync, readFileSync } from 'node:fs';

import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';

import { sanitizeMailHtml } from '../../src/mail/sanitize.js';
import { HOSTILE_HTML } from '../support/hostile-html.js';

const cidUrl = (id: string): string | undefined => (id === 'logo@shop' ? '/files/1' : undefined);
const shown = (html: string, images: 'blocked' | 'allowed' = 'blocked'): string => sanitizeMailHtml(html, { images, cidUrl }).html;

const TAGS =
  'a|abbr|address|article|aside|b|bdi|bdo|big|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|header|hr|i|img|ins|kbd|li|main|mark|nav|ol|p|pre|q|s|samp|section|small|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|tt|u|ul|var|wbr';
const OTHER_TAG = new RegExp(`<(?!/?(?:${TAGS})[ />])`, 'i');
/** Seen after values are taken out: what stands in quotes is no attribute. */
const BAD_ATTRIBUTE = /<[^>]*\s(?:on\w+|srcset|srcdoc|action|background|ping|id|class|name)\b/i;
const BAD_VALUE = /(?:href|src)="\s*(?:javascript|vbscript|data:(?!image\/(?:png|gif|jpe?g|webp|bmp);)|cid)|style="[^"]*(?:url\(|expression|\\|@|position|image)/i;

/** What a sanitised mail may never have, whatever went in. */
function dangerIn(html: string): string | undefined {
  const names = html.replace(/"[^"]*"/g, '""');
  return [OTHER_TAG.exec(html), BAD_ATTRIBUTE.exec(names), BAD_VALUE.exec(html)].find((found) => found !== null)?.[0];
}

describe('HTML of customers', () => {
  it('keeps what is read: text, tables, lists, emphasis and harmless looks', () => {
    const html = '<table><tr><td align="right" style="color:rgb(1, 2, 3);padding:4px"><b>Sum</b> 5&nbsp;zł</td></tr></table><ul><li>one</li></ul>';
    const safe = shown(html);
    expect(safe).toContain('<b>Sum</b>');
    expect(safe).toContain('color:rgb(1, 2, 3);padding:4px');
    expect(safe).toContain('<li>one</li>');
  });

  it.each(HOSTILE_HTML)('does nothing: %s', (html) => {
    const safe = shown(html);
    expect(dangerIn(safe)).toBeUndefined();
    expect(safe).not.toMatch(/https:\/\/x|position|src="(?!")|href="(?!")/);
    expect(safe).not.toContain('alert(1)</');
  });

  it('blocks pictures from elsewhere until asked, and counts them', () => {
    const html = '<img src="https://t.test/p.gif" alt="Logo"><img src="//t.test/q.gif"><img src="http://t.test/r.gif"><img src="relative.gif">';
    expect(sanitizeMailHtml(html, { images: 'blocked', cidUrl })).toMatchObject({ blockedImages: 3, html: expect.not.stringContaining('t.test') as string });
    const allowed = sanitizeMailHtml(html, { images: 'allowed', cidUrl });
    expect(allowed.blockedImages).toBe(0);
    expect(allowed.html).toContain('src="https://t.test/q.gif" loading="lazy" referrerpolicy="no-referrer"');
    expect(allowed.html).not.toContain('relative.gif');
  });

  it('C22: shows parts of the mail itself', () => {
    expect(shown('<img src="cid:logo@shop">')).toContain('src="/files/1"');
    expect(shown('<img src="CID:logo%40shop">')).toContain('src="/files/1"');
    expect(shown('<img src="cid:other">')).not.toContain('src');
    expect(shown('<img src="data:image/png;base64,iVBORw0=">')).toContain('data:image/png');
  });

  it('opens links elsewhere and tells them nothing', () => {
    expect(shown('<a href="https://shop.test/?a=1&amp;b=2" target="_top" rel="opener" ping="https://x">x</a>')).toBe(
      '<a target="_blank" rel="noopener noreferrer nofollow" href="https://shop.test/?a=1&amp;b=2">x</a>',
    );
    expect(shown('<a href="mailto:a@b.test">x</a><a href="tel:+48123">y</a>')).toMatch(/mailto:a@b\.test.*tel:\+48123/);
  });

  it('survives any input, and doing it again changes nothing', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('<', '>', '"', "'", '<script>', '</script>', '<img src=', 'onerror=alert(1)', '<svg>', '<style>', '</style>', '<!--', '-->', '<![CDATA[', ']]>', 'javascript:', '&#x6a;', '<a href=', '<p style="', 'url(', '\u0000', '<math>', '<noscript>', '</title>'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const safe = shown(pieces.join(''));
        expect(dangerIn(safe)).toBeUndefined();
        expect(shown(safe)).toBe(safe);
      }),
      { numRuns: 2_000 },
    );
  });

  const CORPUS = new URL('../../../shared/corpus/stalwart-mail-parser/', import.meta.url);
  it.skipIf(!existsSync(CORPUS))('leaves nothing dangerous of the corpus', async () => {
    const names = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'));
    let seen = 0;
    for (const name of names) {
      const { html } = await simpleParser(readFileSync(new URL(name, CORPUS))).catch(() => ({ html: false as const }));
      if (html === false || html === undefined) continue;
      seen += 1;
      expect(dangerIn(shown(html)), name).toBeUndefined();
    }
    expect(seen).toBeGreaterThan(5);
  });
});
