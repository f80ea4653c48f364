import sanitizeHtml from 'sanitize-html';
import type { ShowHtml } from '../../src/web/deps.js';
export const sanitizeMailHtml: ShowHtml = (html, { images, cidUrl }) => {
  let blockedImages = 0;
  const out = sanitizeHtml(html, { allowedTags: sanitizeHtml.defaults.allowedTags.concat(['img']), allowedSchemes: ['http', 'https', 'data', 'mailto'], transformTags: { img: (tagName, attribs) => {
    const src = attribs['src'] ?? '';
    if (src.startsWith('cid:')) return { tagName, attribs: { src: cidUrl(src.slice(4)) ?? '' } };
    if (images === 'blocked') { blockedImages += 1; return { tagName, attribs: {} }; }
    return { tagName, attribs: { src } };
  } } });
  return { html: out, blockedImages };
};
