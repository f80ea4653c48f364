/** Laws of hostile text: whatever a customer writes, Discord shows what it says, pings nobody, and is never sent more than it takes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createCustomIds, type Pressed } from '../../../src/bridges/discord/custom-ids.js';
import { literally, mailText, oneLine, visible } from '../../../src/bridges/discord/plain-text.js';
import { renderPost } from '../../../src/bridges/discord/render.js';
import { splitText } from '../../../src/bridges/discord/split.js';
import type { ConversationId } from '../../../src/core/ids.js';
import type { Post } from '../../../src/core/post.js';
import { checkRequest } from '../../fakes/discord-server/contract.js';

/** How Discord reads a message, as far as it matters here; everything outside of these must hold nothing that it reads at all. */
const TOKEN = /```\n[^]*?\n```|<https?:\/\/[^\s<>]+>|`[^`\n]+`|\\[\\*_~`|[\]<>#-]|\*\*/g;
const bare = (text: string): string => text.replace(TOKEN, 'x');

const nasty = fc.oneof(
  fc.constantFrom('**', '__', '~~', '`', '```', '```\n', '\n```\n', '||', '> ', '\n# ', '\n-# ', '[a](https://evil.example)', '[https://bank.example](https://evil.example)', '<@123456789012345678>', '<@&1>', '@everyone', '@here', '<t:0>', '</x:1>', 'https://a.example/x_y*z', '\\', '\u202e', '\u200b', '\u2066', '\n', '\n\n', ' ', '&', '![x](https://a.example/b.png)', '\ud83d', '👩‍👩‍👧', 'ą'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 30 }),
);
const text = fc.array(nasty, { maxLength: 40 }).map((parts) => parts.join(''));

describe('hostile text on Discord', () => {
  it('holds nothing that Discord would read as Markdown or as a mention', () => {
    fc.assert(fc.property(text, (input) => {
      for (const shown of [literally(input), mailText(input)]) {
        expect(bare(shown)).not.toMatch(/[*_~`|[\]<>\\]|^[ \t]*-?#/m);
        expect(shown).not.toMatch(/@(everyone|here)/);
        // Strong text is only ever opened and closed within a line.
        for (const line of shown.replace(/```\n[^]*?\n```/g, '').split('\n')) expect((line.replace(/<https?:[^>]*>|\\.|`[^`]+`/g, '').match(/\*\*/g) ?? []).length % 2).toBe(0);
      }
    }), { numRuns: 400 });
  });

  it('shows exactly what was written, but for what cannot be seen', () => {
    fc.assert(fc.property(text, (input) => {
      const plain = literally(input).replace(/\\([\\*_~`|[\]<>#-])/g, '$1').replace(/<(https?:\/\/[^\s<>]+)>/g, '$1').replaceAll('@\u200b', '@');
      expect(plain.replace(/[<>]/g, '')).toBe(visible(input).replace(/[<>]/g, ''));
    }), { numRuns: 400 });
  });

  it('has no character that hides or turns text around', () => {
    expect(visible('a\u202eb\u2066c\u200bd\u0000e\u{e0041}f\u00adg')).toBe('abcdefg');
    expect(visible('👩‍👩‍👧 می‌خواهم')).toBe('👩‍👩‍👧 می‌خواهم');
    expect(oneLine('a\n\n b', 10)).toBe('a b');
  });

  it('says where a link leads', () => {
    expect(mailText('[https://bank.example](https://evil.example/x)')).toBe('<https://bank.example> (<https://evil.example/x>)'.replace('<https://bank.example>', 'https://bank.example'));
    expect(mailText('see https://a.example/x_y.')).toBe('see <https://a.example/x_y>.');
  });

  it('keeps code and strong text', () => {
    expect(mailText('a **b** `c*d` \\*e\\*\n```\nx = *y*\n```\nend')).toBe('a **b** `c*d` \\*e\\*\n```\nx = *y*\n```\nend');
  });
});

describe('splitting', () => {
  it('loses no word, keeps within the limit, and never cuts code, links or characters', () => {
    fc.assert(fc.property(fc.array(fc.oneof(nasty, fc.lorem({ maxCount: 30 }), fc.constant('\n\n'), fc.constant('```\nline one\nline two\n```')), { maxLength: 120 }), fc.integer({ min: 60, max: 400 }), (parts, max) => {
      // An address may be as long as the limit allows; here it is short.
      const shown = mailText(parts.join(' '));
      const pieces = splitText(shown, max);
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(max);
        expect(piece).not.toMatch(/[\ud800-\udbff]$|^[\udc00-\udfff]/);
        expect((piece.match(/^```$/gm) ?? []).length % 2).toBe(0);
      }
      const words = (all: string): string => all.replaceAll('```', '').replace(/\s+/g, '');
      expect(words(pieces.join(''))).toBe(words(shown));
    }), { numRuns: 200 });
  });

  it('cuts between paragraphs where it can', () => {
    expect(splitText(`${'a'.repeat(50)}\n\n${'b'.repeat(50)}`, 80)).toEqual(['a'.repeat(50), 'b'.repeat(50)]);
  });
});

describe('a post', () => {
  const aPost = (over: Partial<Post>): Post => ({ kind: 'mail-in', tone: 'open', summary: '#1 x', heading: 'x', url: undefined, facts: [], text: '', quote: undefined, hidden: undefined, alert: undefined, files: [], actions: [], ...over });
  const needs = { ids: createCustomIds(), locale: 'en', maxFileBytes: 1_000, inForum: false } as const;

  it('is something that Discord takes, whatever is in it', () => {
    const words = fc.oneof(text, fc.string({ maxLength: 6_000 }), fc.constant('long '.repeat(3_000)));
    fc.assert(fc.property(fc.constantFrom('card', 'mail-in', 'mail-out', 'note', 'event'), words, words, fc.array(words, { maxLength: 8 }), (kind, heading, body, facts) => {
      const post = aPost({ kind, heading, text: body, quote: body, alert: heading, facts, url: 'https://desk.example/c/1', actions: [{ verb: 'claim', label: heading, style: 'plain', conversationId: 'c' as ConversationId, revision: 1, args: {} }] });
      for (const { body: message } of renderPost(post, needs)) expect(checkRequest('POST', '/channels/123456789012345678/messages', message)).toBeUndefined();
    }), { numRuns: 150 });
  });

  it('that is longer than five messages is a file', async () => {
    const [piece, ...more] = renderPost(aPost({ text: 'word '.repeat(5_000) }), { ...needs, maxFileBytes: 1_000_000 });
    expect(more).toEqual([]);
    expect(piece?.files.map(({ name }) => name)).toEqual(['mail.txt']);
    expect(Buffer.from((await piece?.files[0]?.read()) ?? []).toString()).toHaveLength(24_999);
  });

  it('links to a file that is too large for the server', () => {
    const file = { name: 'film.mp4', contentType: 'video/mp4', bytes: 5_000, read: () => Promise.resolve(new Uint8Array()) };
    const [piece] = renderPost(aPost({ text: 'see', files: [file], url: 'https://desk.example/c/1' }), needs);
    expect(piece?.files).toEqual([]);
    expect(piece?.body['content']).toContain('film.mp4 (5 kB): <https://desk.example/c/1>');
  });
});

describe('what a button says when it comes back', () => {
  it('is what it said when it was drawn, within a hundred characters', () => {
    const ids = createCustomIds();
    fc.assert(fc.property(fc.constantFrom<Pressed['kind'][]>('do', 'form', 'send', 'more', 'edit'), fc.constantFrom('reply', 'send-again'), fc.uuid(), fc.option(fc.nat(), { nil: undefined }), fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'), fc.oneof(fc.uuid(), fc.string()), { maxKeys: 3 }), (kind, verb, id, revision, args) => {
      const pressed: Pressed = { kind, verb, conversationId: id as ConversationId, revision, args: { ...args } };
      const written = ids.write(pressed);
      expect(written.length).toBeLessThanOrEqual(100);
      expect(ids.read(written)).toEqual(pressed);
    }));
    expect(ids.read('kept:gone')).toBeUndefined();
    expect(ids.read('anything')).toBeUndefined();
  });
});
