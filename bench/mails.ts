/** Mails as a shop gets them: short plain letters, answers with a quotation, letters in HTML, some with a file. Each has a mark of its own. */

/** Words that texts are made of; searching finds common and rare ones. */
const WORDS = (
  'order parcel refund invoice delivery broken cup plate colour size return label address street change cancel please thank tomorrow yesterday week money card payment account help ' +
  'question answer price offer catalogue winter summer blue green wooden glass lamp table chair garden window door kitchen coffee tea birthday present courier warehouse customs ' +
  'zamówienie przesyłka zwrot faktura reklamacja dostawa uszkodzony talerz kolor rozmiar adres ulica proszę dziękuję jutro tydzień pieniądze płatność konto pomoc pytanie cena'
).split(' ');

const SENTENCES = 6;
const WORDS_A_SENTENCE = 11;
/** Of ten mails. */
const QUOTING = [1, 4, 7];
const HTML = [2, 5, 8];
const WITH_FILE = 9;
const FILE_BYTES = 24_000;

export const markOf = (index: number): string => `c${String(index).padStart(6, '0')}`;

/** The same index gives the same mail. */
export function sampleMail(index: number, to = 'box1@desk.example'): string {
  const mark = markOf(index);
  const kind = index % 10;
  const text = textOf(index);
  const quoted = `${text}\r\n\r\nOn Fri, 20 Nov 2026 at 10:12, Shop <${to}> wrote:\r\n${textOf(index + 7).split('\r\n').map((line) => `> ${line}`).join('\r\n')}\r\n`;
  const plain = QUOTING.includes(kind) ? quoted : text;
  const html = `<html><head><style>p { margin: 0 }</style></head><body>${text.split('\r\n').map((line) => `<p>${line}</p>`).join('')}<blockquote type="cite"><p>${textOf(index + 3).replaceAll('\r\n', '<br>')}</p></blockquote></body></html>`;
  const boundary = `=_${mark}`;
  const part = (type: string, body: string): string => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
  const file = (): string => `--${boundary}\r\nContent-Type: image/jpeg; name="photo.jpg"\r\nContent-Disposition: attachment; filename="photo.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${noise(index).replace(/.{76}/g, '$&\r\n')}\r\n`;
  const [type, body] =
    kind === WITH_FILE
      ? [`multipart/mixed; boundary="${boundary}"`, `${part('text/plain; charset=utf-8', text)}${file()}--${boundary}--\r\n`]
      : HTML.includes(kind)
        ? [`multipart/alternative; boundary="${boundary}"`, `${part('text/plain; charset=utf-8', text)}${part('text/html; charset=utf-8', html)}--${boundary}--\r\n`]
        : ['text/plain; charset=utf-8', plain];
  const headers = {
    'Return-Path': `<${mark}@customer.example>`, Received: `from mx.customer.example (mx.customer.example [192.0.2.7]) by mail.desk.example with ESMTPS id ${mark}; Fri, 20 Nov 2026 12:00:00 +0000`,
    From: `Customer ${mark} <${mark}@customer.example>`, To: `Shop <${to}>`, Subject: `Question about ${wordAt(index)} ${mark}`, 'Message-ID': `<${mark}@customer.example>`, Date: 'Fri, 20 Nov 2026 12:00:00 +0000',
    'MIME-Version': '1.0', 'User-Agent': 'Mozilla Thunderbird', 'Content-Type': type,
  };
  return `${Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`;
}

function textOf(index: number): string {
  const sentences = Array.from({ length: SENTENCES }, (_, sentence) => `${Array.from({ length: WORDS_A_SENTENCE }, (_word, word) => wordAt(index * 31 + sentence * 17 + word * 7)).join(' ')}.`);
  return `Hello,\r\n\r\n${sentences.join('\r\n')}\r\n\r\nKind regards\r\n${markOf(index)}\r\n`;
}

const wordAt = (index: number): string => WORDS[(index * 2_654_435_761) % WORDS.length] ?? 'order';

/** Base64 that does not compress, as a photo does not. */
function noise(index: number): string {
  const bytes = Buffer.alloc(FILE_BYTES);
  let state = index + 1;
  for (let at = 0; at < bytes.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes.toString('base64');
}
