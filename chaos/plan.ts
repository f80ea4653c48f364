/**
 * The mails of a run. Each has a mark that occurs nowhere else, so that it can be counted wherever it went, and an end that we know beforehand.
 */
import type { Random } from './random.js';

export type MailKind =
  /** Opens a conversation: one card. */
  | 'question'
  /** Answers an earlier mail: one message in that conversation, no card of its own. */
  | 'follow-up'
  /** A newsletter: filed in a folder without a card. */
  | 'newsletter'
  /** The very mail before it once more, as a list and an alias deliver it: nothing new. */
  | 'copy';

export interface PlannedMail {
  /** `m000042`; copies have the mark of their original. */
  readonly mark: string;
  readonly kind: MailKind;
  /** 0-based. */
  readonly mailbox: number;
  /** Follow-ups: the mark of the mail that opened the conversation. */
  readonly opener: string | undefined;
  readonly raw: string;
}

/** Of 100 mails. */
const FOLLOW_UPS = 25;
const NEWSLETTERS = 8;
const COPIES = 4;
/** Mails of one kind of body; the others get the other kinds. */
const HTML_SHARE = 0.3;
const FILE_SHARE = 0.1;
/** An attachment that takes more than one page of a database and more than one packet. */
const FILE_BYTES = 20_000;

export const mailboxName = (index: number): string => `box${index + 1}`;
export const mailboxAddress = (index: number): string => `${mailboxName(index)}@desk.example`;
const markOf = (letter: string, index: number): string => `${letter}${String(index).padStart(6, '0')}`;
export const answerMark = (index: number): string => markOf('a', index);

export function planMails(count: number, mailboxes: number, random: Random): readonly PlannedMail[] {
  const planned: PlannedMail[] = [];
  const openers: PlannedMail[][] = Array.from({ length: mailboxes }, () => []);
  for (let index = 0; index < count; index += 1) {
    const mailbox = random.whole(0, mailboxes);
    const dice = random.whole(0, 100);
    const earlier = openers[mailbox] ?? [];
    const opener = earlier.length > 0 ? earlier[random.whole(0, earlier.length)] : undefined;
    const mark = markOf('m', index);
    if (dice < FOLLOW_UPS && opener) planned.push(followUp(mark, opener, random));
    else if (dice < FOLLOW_UPS + COPIES && opener) planned.push({ ...opener, kind: 'copy' });
    else if (dice < FOLLOW_UPS + COPIES + NEWSLETTERS) planned.push({ mark, kind: 'newsletter', mailbox, opener: undefined, raw: write(mark, mailbox, { 'List-Id': '<news.shop.example>', Precedence: 'bulk' }, random) });
    else {
      const question: PlannedMail = { mark, kind: 'question', mailbox, opener: undefined, raw: write(mark, mailbox, {}, random) };
      planned.push(question);
      earlier.push(question);
    }
  }
  return planned;
}

function followUp(mark: string, opener: PlannedMail, random: Random): PlannedMail {
  const answered = `<${opener.mark}@customer.example>`;
  const raw = write(mark, opener.mailbox, { 'In-Reply-To': answered, References: answered, From: `Customer ${opener.mark} <${opener.mark}@customer.example>`, Subject: `Re: Question ${opener.mark}` }, random);
  return { mark, kind: 'follow-up', mailbox: opener.mailbox, opener: opener.mark, raw };
}

function write(mark: string, mailbox: number, headers: Readonly<Record<string, string>>, random: Random): string {
  const common: Readonly<Record<string, string>> = {
    From: `Customer ${mark} <${mark}@customer.example>`, To: `Shop <${mailboxAddress(mailbox)}>`, Subject: `Question ${mark}`, 'Message-ID': `<${mark}@customer.example>`,
    Date: 'Fri, 20 Nov 2026 12:00:00 +0000', 'MIME-Version': '1.0', 'X-Chaos-Mark': mark, ...headers,
  };
  const text = `Hello,\r\n\r\nmy order has not come yet. Can you tell me where it is?\r\n\r\n${mark}\r\n`;
  const { type, body } = bodyOf(mark, text, random);
  return `${Object.entries({ ...common, 'Content-Type': type }).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
}

function bodyOf(mark: string, text: string, random: Random): { readonly type: string; readonly body: string } {
  const boundary = `=_${mark}`;
  const part = (type: string, content: string): string => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
  const dice = random.next();
  if (dice < FILE_SHARE) {
    const file = Buffer.alloc(FILE_BYTES, mark).toString('base64').replace(/.{76}/g, '$&\r\n');
    const attachment = `--${boundary}\r\nContent-Type: application/pdf; name="order.pdf"\r\nContent-Disposition: attachment; filename="order.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n`;
    return { type: `multipart/mixed; boundary="${boundary}"`, body: `${part('text/plain; charset=utf-8', text)}${attachment}--${boundary}--\r\n` };
  }
  if (dice < FILE_SHARE + HTML_SHARE) {
    const html = `<html><body><p>Hello,</p><p>my order has <b>not</b> come yet.</p><p>${mark}</p></body></html>`;
    return { type: `multipart/alternative; boundary="${boundary}"`, body: `${part('text/plain; charset=utf-8', text)}${part('text/html; charset=utf-8', html)}--${boundary}--\r\n` };
  }
  return { type: 'text/plain; charset=utf-8', body: text };
}
