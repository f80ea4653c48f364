import { describe, expect, it } from 'vitest';
import { displaySubject, hasForwardPrefix, hasReplyPrefix, isForward } from '../../src/core/forwards.js';

describe('displaySubject', () => {
  it.each([
    ['Re: Fwd: Zamówienie', 'Zamówienie'],
    ['Odp: PD: Zamówienie', 'Zamówienie'],
    ['RE[2]: AW: SV: Antw: Anfrage', 'Anfrage'],
    ['Réf. : commande', 'commande'],
    ['回复：你好', '你好'],
    ['WG: Bestellung', 'Bestellung'],
    ['Przypomnienie: faktura', 'Przypomnienie: faktura'],
    ['Ref: 4711', 'Ref: 4711'],
    ['  Re:   two   blanks ', 'two blanks'],
  ])('C12 %j is shown as %j', (subject, shown) => {
    expect(displaySubject(subject)).toBe(shown);
  });

  it('C12 never leaves nothing of a subject that had words', () => {
    expect(displaySubject('Re:')).toBe('Re:');
    expect(displaySubject('Fwd: Re: ')).toBe('Re:');
    expect(displaySubject('')).toBe('');
    expect(displaySubject('Re: '.repeat(10_000) + 'x')).not.toBe('');
  });
});

describe('isForward', () => {
  it.each(['Fwd: x', 'FW: x', 'FWD: x', 'PD: x', 'WG: x', 'TR: x', 'RV: x', 'I: x', 'VB: x', 'ENC: x', 'İLT: x', 'Videresend: x'])('C12 the subject %j is a forward', (subject) => {
    expect(hasForwardPrefix(subject)).toBe(true);
    expect(isForward({ subject, text: 'see below' })).toBe(true);
  });

  it.each(['Re: x', 'Re: Fwd: x', 'AW: WG: x', 'Odp: x', 'x'])('C12 the subject %j alone is none', (subject) => {
    expect(isForward({ subject, text: 'thanks' })).toBe(false);
  });

  it('tells a reply with history from a forward', () => {
    const text = 'Danke!\n\nVon: Laden <a@b.example>\nGesendet: Montag, 12. März 2024 10:22\nAn: Jan <j@k.example>\nBetreff: Bestellung\n\nHallo';
    expect(isForward({ subject: 'AW: Bestellung', text })).toBe(false);
    expect(hasReplyPrefix('AW: Bestellung')).toBe(true);
    expect(isForward({ subject: 'VS: Bestellung', text })).toBe(true);
    expect(isForward({ subject: 'Bestellung', text: text.slice(8) })).toBe(true);
  });
});
