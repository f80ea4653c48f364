import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trimQuotes } from '../../src/core/quotes.js';

/** Reply headers as mail programs write them, each above a quoted line. */
const ATTRIBUTIONS: Readonly<Record<string, string>> = {
  'en Gmail': 'On Mon, Mar 12, 2024 at 10:22 AM Shop <a@b.example> wrote:\n\n> Hello',
  'en Gmail, wrapped': "On Mon, Mar 12, 2024 at 10:22 AM 'Shop' via Support <a@b.example>\nwrote:\n\n> Hello",
  'en Apple': 'On 12 Mar 2024, at 10:22, Shop <a@b.example> wrote:\n\n> Hello',
  'en Outlook': '________________________________\nFrom: Shop <a@b.example>\nSent: Monday, March 12, 2024 10:22 AM\nTo: Jan <j@k.example>\nSubject: Re: order\n\nHello',
  'en Outlook, bold': '**From:** Shop <a@b.example>\n**Sent:** Monday, March 12, 2024 10:22 AM\n**To:** Jan\n**Subject:** Re: order\n\nHello',
  'en Original Message': '-----Original Message-----\nFrom: Shop\n\nHello',
  'pl Gmail': 'pon., 12 mar 2024 o 10:22 Sklep <a@b.example> napisał(a):\n\n> Cześć',
  'pl Thunderbird': 'W dniu 12.03.2024 o 10:22, Sklep pisze:\n> Cześć',
  'pl Apple': 'Wiadomość napisana przez Sklep <a@b.example> w dniu 12 mar 2024, o godz. 10:22:\n\n> Cześć',
  'pl Outlook': 'Od: Sklep <a@b.example>\nWysłane: poniedziałek, 12 marca 2024 10:22\nDo: Jan <j@k.example>\nTemat: RE: Zamówienie\n\nTreść',
  'de Gmail': 'Am Mo., 12. März 2024 um 10:22 Uhr schrieb Laden <a@b.example>:\n\n> Hallo',
  'de Outlook': 'Von: Laden <a@b.example>\nGesendet: Montag, 12. März 2024 10:22\nAn: Jan <j@k.example>\nBetreff: AW: Bestellung\n\nHallo',
  'fr Gmail': 'Le lun. 12 mars 2024 à 10:22, Boutique <a@b.example> a écrit :\n\n> Bonjour',
  'fr Outlook': 'De : Boutique <a@b.example>\nEnvoyé : lundi 12 mars 2024 10:22\nÀ : Jan <j@k.example>\nObjet : RE: commande\n\nBonjour',
  'es Gmail': 'El lun, 12 mar 2024 a las 10:22, Tienda (<a@b.example>) escribió:\n\n> Hola',
  'it Gmail': 'Il giorno lun 12 mar 2024 alle ore 10:22 Negozio <a@b.example> ha scritto:\n\n> Ciao',
  'nl Gmail': 'Op ma 12 mrt 2024 om 10:22 schreef Winkel <a@b.example>:\n\n> Hallo',
  'sv Gmail': 'Den mån 12 mars 2024 kl 10:22 skrev Butik <a@b.example>:\n\n> Hej',
  'no Gmail': 'man. 12. mars 2024 kl. 10:22 skrev Butikk <a@b.example>:\n\n> Hei',
  'da Outlook': 'Fra: Butik <a@b.example>\nSendt: 12. marts 2024 10:22\nTil: Jan <j@k.example>\nEmne: SV: ordre\n\nHej',
  'pt Gmail': 'Em seg., 12 de mar. de 2024 às 10:22, Loja <a@b.example> escreveu:\n\n> Olá',
  'ru Gmail': 'пн, 12 мар. 2024 г. в 10:22, Магазин <a@b.example>:\n\n> Привет',
  'ru Thunderbird': '12.03.2024 10:22, Магазин пишет:\n> Привет',
  'cs Gmail': 'po 12. 3. 2024 v 10:22 odesílatel Obchod <a@b.example> napsal:\n\n> Ahoj',
  'fi Gmail': 'ma 12. maalisk. 2024 klo 10.22 Kauppa (a@b.example) kirjoitti:\n\n> Hei',
  'hu Gmail': 'Bolt <a@b.example> ezt írta (időpont: 2024. márc. 12., H, 10:22):\n\n> Szia',
};

describe('trimQuotes', () => {
  it.each(Object.entries(ATTRIBUTIONS))('C19 folds history: %s', (_name, history) => {
    const trimmed = trimQuotes(`An answer of my own.\n\n${history}\n`);
    expect(trimmed.visible).toBe('An answer of my own.');
    expect(trimmed.hidden).toBe(history);
    expect(trimmed.hiddenLines).toBe(history.split('\n').length);
  });

  it('C19 interleaved answers are kept beside the passages they answer', () => {
    const text = 'W dniu 12.03.2024 o 10:22, Sklep pisze:\n> Jaki numer?\n\nCzterdzieści siedem.\n\n> Jaki adres?\n\nProsta 1.\n\n> Pozdrawiam\n\n-- \nJan';
    expect(trimQuotes(text).visible).toBe('> Jaki numer?\n\nCzterdzieści siedem.\n\n> Jaki adres?\n\nProsta 1.');
  });

  it('C19 one-word answers between quoted lines are kept', () => {
    const text = '> Do you want the red one, which is the one that we have in stock today\nyes\n> And the blue one?\nno\n> Regards';
    expect(trimQuotes(text).visible).toContain('\nyes\n');
    expect(trimQuotes(text).visible).toMatch(/no$/);
  });

  it('C19 an answer below the quotation is kept', () => {
    expect(trimQuotes('On Mon, 1 Jan 2024 at 10:00, Shop <a@b.example> wrote:\n> Question\n\nAnswer below.').visible).toBe('Answer below.');
  });

  it('C19 a passage that the sender quotes in his own sentence is kept', () => {
    const text = 'Hi, as you wrote:\n\n> We will refund you.\n\nbut nothing came.';
    expect(trimQuotes(text)).toEqual({ visible: text, hidden: '', hiddenLines: 0 });
  });

  it('C19 lines drawn inside a text are not taken for a signature', () => {
    const text = 'The list:\n\n--\ncup | 9\n--\n\nIs it right?';
    expect(trimQuotes(text).visible).toBe(text);
  });

  it('C19 a contact form is not taken for a reply header', () => {
    const text = 'New message:\n\nFrom: Jan <jan@klient.example>\nSubject: Help\nMessage: my order is missing';
    expect(trimQuotes(text).visible).toBe(text);
  });

  it('C20 a forwarded mail is the message, not its history', () => {
    const text = 'FYI\n\n---------- Forwarded message ---------\nFrom: Jan <j@k.example>\nDate: Mon, 1 Jan 2024\nSubject: x\nTo: a@b.example\n\nText';
    expect(trimQuotes(text).visible).toBe(text);
    const bare = 'FYI\n\nFrom: Jan <j@k.example>\nSent: Monday, 1 January 2024 10:00\nTo: a@b.example\nSubject: x\n\nText';
    expect(trimQuotes(bare).visible).toBe('FYI');
    expect(trimQuotes(bare, { forwarded: true }).visible).toBe(bare);
  });

  it.each(["Wysłane z iPhone'a", 'Sent from my iPhone', 'Von meinem iPhone gesendet', 'Envoyé de mon iPhone', 'Enviado desde mi iPhone', 'Inviato da iPhone', 'Verzonden vanaf mijn iPhone', 'Skickat från min iPhone', 'Sendt fra min iPhone', 'Get Outlook for Android<https://aka.ms/x>', 'Отправлено с iPhone', '-- \nJan Kowalski\ntel. 1'])(
    'folds the signature %j',
    (signature) => {
      expect(trimQuotes(`Thank you\n\n${signature}`)).toMatchObject({ visible: 'Thank you', hidden: signature });
    },
  );

  it('keeps a sentence that only begins like a signature', () => {
    expect(trimQuotes('It was\n\nSent from our warehouse on Monday.').hidden).toBe('');
    expect(trimQuotes('Done.\n\nSent from my iPhone\n\nPS: and the invoice please').visible).toContain('PS: and the invoice');
  });

  it('is never empty when the text is not', () => {
    expect(trimQuotes('> only\n> a quotation').visible).toBe('> only\n> a quotation');
    expect(trimQuotes('Sent from my iPhone').visible).toBe('Sent from my iPhone');
    expect(trimQuotes(' \n ')).toEqual({ visible: '', hidden: '', hiddenLines: 0 });
  });

  it('law: every line is visible or hidden, and nothing visible is empty', () => {
    const line = fc.constantFrom('', 'text', '> quoted', '>> deeper', '-- ', '--', '__', 'On Mon, 1 Jan 2024 at 10:00, A <a@b.example> wrote:', 'From: A <a@b.example>', 'Sent: Monday, 1 January 2024 10:00', 'Sent from my iPhone', '-----Original Message-----', 'a question?', '* * *');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { visible, hidden } = trimQuotes(lines.join('\n'));
        const filled = (text: string): string[] => text.split('\n').filter((one) => one.trim() !== '').map((one) => one.trim()).sort();
        expect(filled(`${visible}\n${hidden}`)).toEqual(filled(lines.join('\n')));
        if (filled(lines.join('\n')).length > 0) expect(visible.trim()).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  const MEGABYTE = 1_000_000;
  it.each(['> a\nb\n', 'From: a@b.example\n', 'On 1 2 3 4 a\n', ' \n', '>', '-', 'On Mon, Jan 1, 2024 at 10:00 <', '_____\n', 'wrote:\n', '> (http://x\n', '*', '-- \n', 'Sent from \n', '>>> <\n'])('takes linear time on a megabyte of %j', (piece) => {
    const text = piece.repeat(Math.ceil(MEGABYTE / piece.length));
    const started = performance.now();
    trimQuotes(text);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
