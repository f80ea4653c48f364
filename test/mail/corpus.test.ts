import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { simpleParser } from 'mailparser';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifyMail } from '../../src/core/classify-mail.js';
import { isForward } from '../../src/core/forwards.js';
import type { ParsedMail } from '../../src/core/mail.js';
import { trimQuotes } from '../../src/core/quotes.js';
import { trimHtml } from '../../src/mail/html.js';
import { parseMail, UnreadableMail } from '../../src/mail/parse.js';

/** Real mail that nobody here wrote; it lies beside the project and is not part of it. */
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const present = existsSync(CORPUS);
if (!present) console.warn(`skipped: no corpus of real mail at ${CORPUS}`);

/** One mail may take this long on a busy machine. */
const MAX_MS_PER_MAIL = 5_000;

interface Case {
  readonly kind: 'plain' | 'html';
  readonly input: string;
  readonly expected: string;
}

const cases = (folder: string, kind: Case['kind']): Case[] => (JSON.parse(readFileSync(`${CORPUS}${folder}/cases.json`, 'utf8')) as Case[]).filter((one) => one.kind === kind);
const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(`${folder}/${name}`).isDirectory() ? walk(`${folder}/${name}`) : [`${folder}/${name}`]));
const mails = (folder: string): string[] => walk(`${CORPUS}${folder}`).filter((path) => path.endsWith('.eml') || /\/maildir\//.test(path));
const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

describe.skipIf(!present)('real mail', () => {
  const read = new Map<string, ParsedMail>();
  const unreadable: string[] = [];
  let slowest = 0;

  beforeAll(async () => {
    for (const path of ['sisimai', 'mikel-mail', 'stalwart-mail-parser', 'talon'].flatMap((folder) => mails(folder))) {
      const started = performance.now();
      try {
        read.set(path.slice(CORPUS.length), await parseMail(readFileSync(path)));
      } catch (error) {
        if (!(error instanceof UnreadableMail)) throw error;
        unreadable.push(path);
      }
      slowest = Math.max(slowest, performance.now() - started);
    }
  });

  it('every mail is read or refused, in time', () => {
    expect(read.size).toBeGreaterThan(1_000);
    expect(unreadable).toEqual([]);
    expect(slowest).toBeLessThan(MAX_MS_PER_MAIL);
  });

  it('C19 what is visible is never empty when the text is not', () => {
    for (const [path, mail] of read) if (mail.text.trim() !== '') expect(mail.visibleText.trim(), path).not.toBe('');
  });

  it('C25 no mail with a body comes out with neither text nor files', () => {
    const silent = [...read].filter(([path, mail]) => mail.text.trim() === '' && mail.attachments.length === 0 && /\n\r?\n\s*\S/.test(readFileSync(CORPUS + path, 'latin1'))).map(([path]) => path);
    expect(silent.length).toBeLessThanOrEqual(8);
  });

  it('C19 quotations: at least 61 of 64 plain cases of talon, 48 of 49 of crisp', () => {
    const score = (folder: string): number => cases(folder, 'plain').filter((one) => squeezed(trimQuotes(one.input).visible) === squeezed(one.expected)).length;
    expect(score('talon')).toBeGreaterThanOrEqual(61);
    expect(score('crisp-reply')).toBeGreaterThanOrEqual(48);
  });

  it('C19 quotations in HTML: at least 26 of 30 cases of talon', () => {
    const bare = (text: string): string => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[\s*_>\\]+/g, '');
    const right = cases('talon', 'html').filter((one) => bare(trimHtml(one.input).visible) === bare(trimHtml(one.expected).markdown));
    expect(right.length).toBeGreaterThanOrEqual(26);
  });

  it('C12 forwards in many languages: all but one of the crisp collection, and none of its replies', () => {
    const folder = `${CORPUS}crisp-forward/fixtures/`;
    const text = (name: string): string => readFileSync(folder + name, 'utf8').replace(/^\uFEFF/, '');
    const bodies = readdirSync(folder).filter((name) => name.includes('_body'));
    const found = (name: string): boolean => {
      const own = name.replace(/_body.*/, '_subject.txt');
      const subject = existsSync(folder + own) ? own : name.startsWith('outlook_2019') ? 'outlook_2019_subject.txt' : undefined;
      return isForward({ subject: subject === undefined ? '' : text(subject), text: text(name) });
    };
    // Variant 4 of each program is an answer, which has "Re:" where there is a subject.
    const missed = bodies.filter((name) => !name.includes('variant_4') && !found(name));
    expect(missed.length).toBeLessThanOrEqual(1);
    const replies = bodies.filter((name) => name.includes('variant_4') && !name.startsWith('outlook_2019'));
    expect(replies.filter((name) => isForward({ subject: 'Re: x', text: text(name) }))).toEqual([]);
  });

  it('C17 bounces: at least 615 of 623 found, their recipient and Message-ID read, no personal mail taken for one', () => {
    const bounces = [...read].filter(([path]) => path.startsWith('sisimai/maildir/bsd/') && !/\/(?:rfc3834|is-not)/.test(path));
    expect(bounces.length).toBe(623);
    expect(bounces.filter(([, mail]) => classifyMail(mail).kind === 'bounce').length).toBeGreaterThanOrEqual(615);
    expect(bounces.filter(([, mail]) => mail.report?.recipient !== undefined).length).toBeGreaterThanOrEqual(590);
    expect(bounces.filter(([, mail]) => mail.report?.originalMessageId !== undefined).length).toBeGreaterThanOrEqual(535);
    const letters = [...read].filter(([path]) => /^(?:talon|mikel-mail|stalwart)/.test(path) && !/multipart_report|without_content_type/.test(path));
    expect(letters.filter(([, mail]) => classifyMail(mail).kind === 'bounce').map(([path]) => path)).toEqual([]);
    expect(letters.length).toBeGreaterThan(180);
  });

  it('C18 auto-replies: every one of the collection', () => {
    const replies = [...read].filter(([path]) => /\/bsd\/rfc3834/.test(path));
    expect(replies.map(([, mail]) => classifyMail(mail).kind)).toEqual(replies.map(() => 'auto-reply'));
  });

  it('finds the same files as mailparser, where that finds any', async () => {
    let same = 0;
    let compared = 0;
    for (const [path, mail] of read) {
      if (!path.startsWith('sisimai/maildir/bsd/') && !path.startsWith('mikel-mail')) continue;
      const other = await simpleParser(readFileSync(CORPUS + path), { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true, keepDeliveryStatus: true });
      compared++;
      const sizes = (files: readonly number[]): string => [...files].sort((a, b) => a - b).join();
      if (sizes(other.attachments.map((file) => file.size)) === sizes(mail.attachments.map((file) => file.bytes))) same++;
    }
    expect(same / compared).toBeGreaterThan(0.97);
  });
});
