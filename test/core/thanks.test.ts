import { describe, expect, it } from 'vitest';
import { isBareThanks } from '../../src/core/thanks.js';

describe('isBareThanks', () => {
  it.each([
    'Thanks!', 'Thank you very much, Anna!', 'Thx', 'Ok, thanks', 'Thanks, it works now 👍', 'Hi Anna,\n\nthanks a lot!\n\nBest regards,\nJohn Doe', 'Dzięki', 'Super, dzięki!', 'Dziękuję bardzo za szybką odpowiedź.\n\nPozdrawiam\nJan Kowalski', 'Dziękuję Pani Anno!',
    'Vielen Dank!', 'Danke, alles klar.\n\nViele Grüße\nHans Müller', 'Merci beaucoup !', 'Gracias', 'Grazie mille', 'Bedankt', 'Tack så mycket', 'Děkuji', 'Спасибо', '谢谢',
  ])('C28 %j asks nothing', (text) => {
    expect(isBareThanks(text)).toBe(true);
  });

  it.each([
    'Dzięki, ale nadal nie działa', 'Thanks, but it still does not work', 'Thanks. When will it arrive?', 'Thanks, please cancel order', 'Thanks, cancel', 'Thanks. Refund', 'Thanks for nothing', 'No thanks', 'Thank you. My address is Main St 55', 'Danke, aber das Paket fehlt', 'Danke. Rechnung fehlt noch',
    'Dziękuję, proszę o fakturę', 'Dziękuję, kiedy wysyłka', 'Tak', 'tak, proszę', 'Hello', '', `Thanks ${'very '.repeat(100)}much`, 'Thanks\n> quoted',
  ])('C28 %j is more than thanks', (text) => {
    expect(isBareThanks(text)).toBe(false);
  });
});
