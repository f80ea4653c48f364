/** Whatever a post says, Slack takes it: blocks within their lengths, by the vendor's own schema and by our fake's table; and nothing in it pings, forges or hides. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answerBlocks } from '../../../src/bridges/slack/answers.js';
import { homeView } from '../../../src/bridges/slack/home.js';
import { enteredIn, formView, readCarried, textBlocks } from '../../../src/bridges/slack/modal.js';
import { split, toMrkdwn } from '../../../src/bridges/slack/mrkdwn.js';
import { render } from '../../../src/bridges/slack/render.js';
import { visible } from '../../../src/bridges/slack/text.js';
import { toMarkdown } from '../../../src/bridges/slack/words.js';
import type { ConversationId } from '../../../src/core/ids.js';
import type { Form } from '../../../src/core/ports/chat.js';
import type { Post, PostAction } from '../../../src/core/post.js';
import { checkBlocks } from '../../fakes/slack-server/check-blocks.js';
import { checkView } from '../../fakes/slack-server/check-view.js';
import type { JsonObject } from '../../fakes/slack-server/json.js';

const HOSTILE = ['<!channel>', '<@U0123456>', '<#C1|x>', '&lt;!here&gt;', '```', '*', '_', '~', '|', '>', '\u202e', '\u0000', '\u200b', '\ud83d', '🧑‍🚒', '[a](https://x.example/?a=1&b=2)', '[bank.example](https://evil.example)', '[x](javascript:1)', '# h', '- item', '\n', '\n\n', ' ', 'ą', '日本', 'https://a.example/b_c', '<https://evil.example|Claim>'];
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(fc.string({ unit: 'binary', maxLength }), fc.array(fc.constantFrom(...HOSTILE, 'word ', 'longer words follow here '), { maxLength: Math.ceil(maxLength / 6) }).map((parts) => parts.join('')), fc.constant('x'.repeat(maxLength)), fc.constant('&'.repeat(maxLength)));
const maybe = (maxLength: number): fc.Arbitrary<string | undefined> => fc.option(text(maxLength), { nil: undefined });

const action: fc.Arbitrary<PostAction> = fc.record({
  verb: fc.constantFrom('claim', 'release', 'reply', 'close', 'arrived', 'undo'), label: text(200), style: fc.constantFrom('primary', 'plain', 'danger'),
  conversationId: fc.uuid().map((id) => id as ConversationId), revision: fc.nat(), args: fc.dictionary(fc.constantFrom('message', 'anyway', 'text'), text(3_000), { maxKeys: 2 }),
});
const post: fc.Arbitrary<Post> = fc.record({
  kind: fc.constantFrom('card', 'mail-in', 'mail-out', 'note', 'event'), tone: fc.constantFrom('open', 'quiet', 'late', 'decide', 'note', 'out'), summary: text(3_000), heading: maybe(1_000),
  url: fc.constantFrom(undefined, 'https://desk.example/c/1', 'https://desk.example/c/1?a=1&b=2|3'), facts: fc.array(text(900), { maxLength: 12 }), text: text(20_000), quote: maybe(2_000),
  hidden: fc.option(fc.record({ label: text(200), text: text(500) }), { nil: undefined }), alert: maybe(3_000), files: fc.constant([]), actions: fc.array(action, { maxLength: 30 }),
});

const faultsOf = (blocks: readonly unknown[]): unknown => {
  const { faults, tooLong } = checkBlocks(JSON.parse(JSON.stringify(blocks)) as unknown[], 'message', '/blocks');
  return { faults, tooLong };
};
/** Texts that are read as mrkdwn. */
function* mrkdwnIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* mrkdwnIn(item);
  else if (typeof value === 'object' && value !== null) {
    const object = value as Readonly<Record<string, unknown>>;
    if (object['type'] === 'mrkdwn') {
      expect(object['verbatim']).toBe(true);
      yield object['text'] as string;
    } else for (const item of Object.values(object)) yield* mrkdwnIn(item);
  }
}

describe('rendering', () => {
  it('any post is valid, and nothing in it pings, forges or hides', () => {
    fc.assert(
      fc.property(post, (any) => {
        const { text: summary, blocks } = render(any, 'en');
        expect(faultsOf(blocks)).toEqual({ faults: [], tooLong: false });
        expect(summary.length).toBeGreaterThan(0);
        for (const words of [summary, ...mrkdwnIn(blocks)]) {
          // Every angle bracket belongs to a link of ours to a web address.
          expect(words.replaceAll(/<(https?:\/\/|mailto:)[^<>\s|]+\|[^<>]*>/gi, '').replaceAll(/^> /gm, '')).not.toMatch(/[<>]/);
          expect(words).toBe(visible(words));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('a long mail is cut between paragraphs and says so; a short one is whole', () => {
    const paragraphs = Array.from({ length: 400 }, (_, index) => `Paragraph ${index}: ${'word '.repeat(20).trim()}.`);
    const { pieces, cut } = split(paragraphs.join('\n\n'), 3_000, 8_000);
    expect(cut).toBe(true);
    for (const piece of pieces) for (const paragraph of piece.split('\n\n')) expect(paragraphs).toContain(paragraph);
    expect(split('One.\n\nTwo & <three>.', 3_000, 8_000)).toEqual({ pieces: ['One.\n\nTwo &amp; &lt;three&gt;.'], cut: false });
    const one = 'x'.repeat(7_000);
    expect(split(one, 3_000, 8_000).pieces.join('')).toBe(one);
  });

  it('Markdown becomes mrkdwn', () => {
    expect(toMrkdwn('# Hello\n**bold** *it* ~~gone~~ `<b>`\n- one\n* two\n> said\n[shop](https://shop.example/?a=1&b=2) ![cup](cid:1) <https://x.example> 2 * 3 * 4 \\*not\\*')).toBe(
      '*Hello*\n*bold* _it_ ~gone~ `&lt;b&gt;`\n• one\n• two\n> said\n<https://shop.example/?a=1&amp;b=2|shop> [cup] <https://x.example|https://x.example> 2 * 3 * 4 *not*',
    );
    expect(toMrkdwn('[bank.example](https://evil.example/x) [x](javascript:alert(1))')).toBe('bank.example (<https://evil.example/x|https://evil.example/x>) [x](javascript:alert(1))');
  });

  it('what people type becomes Markdown', () => {
    const nameOf = (id: string): string | undefined => (id === 'U1' ? 'Anna' : undefined);
    expect(toMarkdown('*bold* _it_ ~no~ `a*b*c` &lt;b&gt; &amp;amp; <https://x.example|here> <https://y.example> <mailto:a@b.example|a@b.example> <@U1> <@U2|bob> <#C1|orders> <!here>\n• one', nameOf)).toBe(
      '**bold** _it_ ~~no~~ `a*b*c` <b> &amp; [here](https://x.example) https://y.example a@b.example @Anna @bob #orders @here\n- one',
    );
  });

  it('answers, forms, homes and folded text are valid, and forms carry what they need', () => {
    const form: fc.Arbitrary<Form> = fc.record({
      verb: fc.constant('reply'), title: text(60), submit: text(60), conversationId: fc.uuid().map((id) => id as ConversationId), revision: fc.nat(), facts: fc.array(text(900), { maxLength: 20 }),
      hidden: fc.record({ files: fc.array(fc.record({ blob: fc.string({ minLength: 64, maxLength: 64 }), fileName: text(80) }), { maxLength: 40 }).map((files) => JSON.stringify(files)) }),
      fields: fc.uniqueArray(fc.record({ name: fc.constantFrom('template', 'text', 'to', 'labels', 'cc'), label: text(100), kind: fc.constantFrom('text', 'long-text', 'choice', 'flags'), required: fc.boolean(), initial: text(10_000), choices: fc.uniqueArray(fc.record({ value: fc.string({ maxLength: 90 }), label: text(120) }), { maxLength: 120, selector: ({ value }) => value }) }), { maxLength: 5, selector: ({ name }) => name }),
    });
    fc.assert(
      fc.property(form, text(20_000), fc.array(fc.record({ title: text(300), text: text(3_000), url: fc.constantFrom(undefined, 'https://desk.example/c/1'), action: fc.option(action, { nil: undefined }) }), { maxLength: 60 }), fc.array(action, { maxLength: 30 }), (any, words, items, actions) => {
        const view = formView(any, { channel: 'C1', thread: '1.2' }, 'pl', []);
        expect(checkView(JSON.parse(JSON.stringify(view)) as JsonObject, 'modal')).toEqual({ faults: [], tooLarge: false });
        expect(readCarried(view.private_metadata!)).toMatchObject({ verb: 'reply', conversationId: any.conversationId, revision: any.revision, channel: 'C1', thread: '1.2' });
        expect(faultsOf(answerBlocks({ text: words, items, actions }).blocks)).toEqual({ faults: [], tooLong: false });
        expect(checkBlocks(JSON.parse(JSON.stringify(textBlocks(words))) as unknown[], 'modal', '').faults).toEqual([]);
        const home = homeView({ locale: 'en', greeting: words, sections: [{ title: words, count: 3, items: items.map((item) => ({ ...item, late: true })) }] });
        expect(checkView(JSON.parse(JSON.stringify(home)) as JsonObject, 'home')).toEqual({ faults: [], tooLarge: false });
      }),
      { numRuns: 100 },
    );
  });

  it('a text too long for one field is edited in several, and comes back whole', () => {
    const long = Array.from({ length: 900 }, (_, index) => `Line ${index}`).join('\n');
    const view = formView({ verb: 'reply', title: 'Answer', submit: 'Send', conversationId: undefined, revision: 1, facts: [], hidden: {}, fields: [{ name: 'text', label: 'Text', kind: 'long-text', required: true, initial: long, choices: [] }] }, { channel: undefined, thread: undefined }, 'en', []);
    const inputs = view.blocks as unknown as readonly { readonly block_id: string; readonly element: { readonly initial_value?: string } }[];
    const values = Object.fromEntries(inputs.map((block) => [block.block_id, { value: { type: 'plain_text_input', value: block.element.initial_value ?? null } }]));
    expect(enteredIn({ state: { values } })).toEqual({ text: long });
  });
});
