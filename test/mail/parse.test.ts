import { describe, expect, it } from 'vitest';
import { classifyMail } from '../../src/core/classify-mail.js';
import { parseMail, UnreadableMail } from '../../src/mail/parse.js';
import { fixture, raw } from './fixture.js';

describe('parseMail', () => {
  it('C25 reads Polish in ISO-8859-2', async () => {
    const mail = await parseMail(fixture('polish-iso-8859-2'));
    expect(mail.subject).toBe('Gdzie jest moja przesyłka?');
    expect(mail.from).toEqual({ address: 'grazyna@klient.example', name: 'Grażyna Łódźka' });
    expect(mail.text).toContain('paczkę z żółtymi kubkami');
    expect(mail.language).toBe('pl');
    expect(mail.date?.toISOString()).toBe('2024-03-12T09:22:00.000Z');
    expect(mail.messageId).toBe('pl-1@klient.example');
  });

  it('C25 reads ISO-2022-JP that names no charset', async () => {
    const mail = await parseMail(fixture('japanese-no-charset'));
    expect(mail.subject).toBe('注文について');
    expect(mail.text).toContain('注文した商品がまだ届いていません');
  });

  it('C25 reads Windows-1258 and gb2312 names', async () => {
    expect((await parseMail(fixture('vietnamese-windows-1258'))).text).toContain('Tôi chưa');
    const chinese = await parseMail(fixture('gb2312-names'));
    expect(chinese.from?.name).toBe('王小明');
    expect(chinese.text).toBe('你好，请看附件。');
    expect(chinese.attachments[0]?.fileName).toBe('发票.pdf');
  });

  it('C25 reads file names whose RFC 2231 charset lies or does not exist', async () => {
    const mail = await parseMail(fixture('lying-rfc2231'));
    expect(mail.attachments.map((file) => file.fileName)).toEqual(['zażółć geśla.pdf', 'łąka.txt']);
  });

  it.each([
    ['utf-8 called us-ascii', 'us-ascii', Buffer.from('zażółć')],
    ['utf-8 called iso-8859-1', 'iso-8859-1', Buffer.from('zażółć')],
    ['utf-8 called iso-2022-jp', 'iso-2022-jp', Buffer.from('zażółć')],
    ['an unknown charset', 'x-nobody-knows', Buffer.from('zażółć')],
    ['no charset at all', '', Buffer.from('zażółć')],
    ['UTF-7', 'utf-7', Buffer.from('za+AXwA8wFCAQc-')],
  ])('C25 decodes %s', async (_name, charset, body) => {
    const mail = await parseMail(Buffer.concat([Buffer.from(`From: a@b.example\r\nContent-Type: text/plain; charset="${charset}"\r\n\r\n`), body]));
    expect(mail.text).toBe('zażółć');
  });

  it('C25 shows bytes that fit no charset as they are', async () => {
    const mail = await parseMail(Buffer.from('From: a@b.example\r\nContent-Type: text/plain\r\n\r\ncaf\xe9 12', 'latin1'));
    expect(mail.text).toBe('café 12');
  });

  it('makes Markdown of a mail that is HTML alone', async () => {
    const mail = await parseMail(fixture('html-only'));
    expect(mail.text).toBe('Hello **team**,\n\nsee [my order](https://shop.example/o/4711):\n\n- two cups\n- one plate\n\nItem | Price\n--- | ---\nCup | 9 EUR');
    expect(mail.html).toContain('<script>');
  });

  it('C19 folds the quotation of Outlook and reads its references', async () => {
    const mail = await parseMail(fixture('outlook-quote'));
    expect(mail.visibleText).toMatch(/Hans Müller$/);
    expect(mail.hiddenText).toContain('Ihr Paket ist unterwegs.');
    expect(mail.hiddenLines).toBe(6);
    expect(mail.references).toEqual(['first@kunde.example', 'out-1@goniec.example']);
    expect(mail.inReplyTo).toEqual(['out-1@goniec.example']);
    expect(mail.language).toBe('de');
    expect(mail.forwarded).toBe(false);
  });

  it('C19 keeps interleaved answers', async () => {
    const mail = await parseMail(fixture('interleaved'));
    expect(mail.visibleText).toContain('Numer to czterdzieści siedem.');
    expect(mail.visibleText).toContain('> A na jaki adres wysłać?\n\nNa ulicę Prostą.');
    expect(mail.hiddenText).toContain('Jan Kowalski');
  });

  it('C22 keeps inline images that have no Content-Disposition, byte for byte', async () => {
    const mail = await parseMail(fixture('inline-image'));
    expect(mail.attachments.map(({ fileName, inline, bytes, contentId }) => ({ fileName, inline, bytes, contentId }))).toEqual([
      { fileName: 'kubek.png', inline: true, bytes: 70, contentId: 'kubek@klient.example' },
      { fileName: 'image-2.png', inline: false, bytes: 70, contentId: undefined },
    ]);
    expect(Buffer.from(mail.attachments[0]?.content ?? []).subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  });

  it('C27 takes a mail without Message-ID and Date', async () => {
    const mail = await parseMail(fixture('no-message-id'));
    expect(mail.messageId).toBeUndefined();
    expect(mail.date).toBeUndefined();
    expect(mail.text).toContain('nie ma Message-ID');
  });

  it('C27 keeps and classifies a newsletter and an out-of-office', async () => {
    expect(classifyMail(await parseMail(fixture('newsletter'))).kind).toBe('list');
    const away = await parseMail(fixture('out-of-office'));
    expect(classifyMail(away)).toEqual({ kind: 'auto-reply', reason: 'Auto-Submitted: auto-replied' });
    expect(away.text).toContain('nicht im Büro');
  });

  it('C20 keeps all of a forwarded mail, in the text or attached', async () => {
    const inText = await parseMail(fixture('forwarded'));
    expect(inText.forwarded).toBe(true);
    expect(inText.visibleText).toContain('Kubek przyszedł pęknięty.');
    const attached = await parseMail(fixture('attached-mail'));
    expect(attached.forwarded).toBe(true);
    expect(attached.attachments[0]).toMatchObject({ fileName: 'message-1.eml', contentType: 'message/rfc822' });
    expect(Buffer.from(attached.attachments[0]?.content ?? []).toString()).toContain('Treść pierwotnego listu.');
  });

  it('makes names and addresses safe', async () => {
    const mail = await parseMail(fixture('tricky-names'));
    expect(mail.from?.address).toBe('evil@obcy.example');
    expect(mail.sender?.address).toBe('other@obcy.example');
    expect(mail.replyTo).toEqual([{ address: 'real@klient.example', name: 'Real' }]);
    expect(mail.cc.map((one) => one.address)).toEqual(['a@klient.example', 'b@klient.example']);
    expect(mail.to).toEqual([]);
    expect(mail.subject).toBe('Zażół');
    expect(mail.attachments.map((file) => file.fileName)).toEqual(['passgpj.exe', 'image-2.jpg']);
  });

  it('joins the lines of format=flowed', async () => {
    expect((await parseMail(fixture('flowed'))).text).toBe('This is one paragraph.\n\n>> quoted text\n>  short\nFrom stuffed\n-- \nJan');
  });

  it('reads a boundary whose line was not folded, and mail with bare CR', async () => {
    expect((await parseMail(fixture('forgotten-blank'))).text).toBe('Still readable.');
    const old = await parseMail(Buffer.from(fixture('interleaved').toString('latin1').replaceAll('\r\n', '\r'), 'latin1'));
    expect(old.subject).toBe('Odp: Zamówienie');
  });

  it('shows the body when its parts cannot be found', async () => {
    const mail = await parseMail(raw('From: a@b.example', 'Content-Type: multipart/mixed', '', 'Where is my order?'));
    expect(mail.text).toBe('Where is my order?');
  });

  it('does not take a stub that points to the HTML part for the text', async () => {
    const mail = await parseMail(raw('From: a@b.example', 'Content-Type: multipart/alternative; boundary=b', '', '--b', '', 'Your program cannot show HTML.', '--b', 'Content-Type: text/html', '', '<p>Where is the order that I paid for last week?</p>', '--b--'));
    expect(mail.text).toBe('Where is the order that I paid for last week?');
  });

  it('keeps text parts that follow one another', async () => {
    const mail = await parseMail(raw('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'one', '--b', 'Content-Type: text/html', '', '<p>two</p>', '--b', 'Content-Type: text/plain; name=notes.txt', '', 'three', '--b--'));
    expect(mail.text).toBe('one\n\ntwo');
    expect(mail.attachments.map((file) => file.fileName)).toEqual(['notes.txt']);
  });

  it('C01 C07 the content hash is equal for copies and differs for another text', async () => {
    const one = await parseMail(raw('Received: by a', 'From: a@b.example', 'Subject: x', '', 'text'));
    const copy = await parseMail(raw('Received: by b', 'Delivered-To: c@d.example', 'From: A <A@b.example>', 'Subject: x', '', 'text', ''));
    const other = await parseMail(raw('From: a@b.example', 'Subject: x', '', 'another text'));
    expect(copy.contentHash).toBe(one.contentHash);
    expect(other.contentHash).not.toBe(one.contentHash);
  });

  it('C04 refuses what breaks a limit, and says why', async () => {
    await expect(parseMail(fixture('huge-nested'))).rejects.toThrow(UnreadableMail);
    await expect(parseMail(fixture('huge-nested'))).rejects.toThrow(/nested more than 100 deep/);
    await expect(parseMail(Buffer.alloc(0))).rejects.toThrow(/empty/);
    await expect(parseMail(fixture('dsn'), { maxMailBytes: 100 })).rejects.toThrow(/more than the 100/);
    await expect(parseMail(fixture('dsn'), { maxParts: 2 })).rejects.toThrow(/more than 2 parts/);
    await expect(parseMail(fixture('dsn'), { maxHeaderBytes: 100 })).rejects.toThrow(/headers are larger/);
    const limit = await parseMail(fixture('dsn'), { maxContentBytes: 10 }).catch((error: unknown) => error);
    expect(limit).toBeInstanceOf(UnreadableMail);
    expect((limit as Error).cause).toBeInstanceOf(Error);
  });

  it('unpacks winmail.dat', async () => {
    const attribute = (level: number, id: number, data: Buffer): Buffer => {
      const head = Buffer.alloc(9);
      head.writeUInt8(level, 0);
      head.writeUInt32LE(id, 1);
      head.writeUInt32LE(data.length, 5);
      return Buffer.concat([head, data, Buffer.alloc(2)]);
    };
    const tnef = Buffer.concat([Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0]), attribute(2, 0x00069002, Buffer.alloc(14)), attribute(2, 0x00018010, Buffer.from('bill.txt\0')), attribute(2, 0x0006800f, Buffer.from('9 EUR'))]);
    const mail = await parseMail(raw('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'see file', '--b', 'Content-Type: application/ms-tnef; name=winmail.dat', 'Content-Transfer-Encoding: base64', '', tnef.toString('base64'), '--b--'));
    expect(mail.attachments.map((file) => [file.fileName, Buffer.from(file.content).toString()])).toEqual([['bill.txt', '9 EUR']]);
    const broken = await parseMail(raw('From: a@b.example', 'Content-Type: application/ms-tnef; name=winmail.dat', '', 'broken'));
    expect(broken.attachments[0]?.fileName).toBe('winmail.dat');
  });
});
