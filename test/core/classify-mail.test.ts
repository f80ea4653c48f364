import { describe, expect, it } from 'vitest';
import { classifyMail } from '../../src/core/classify-mail.js';
import type { ParsedMail } from '../../src/core/mail.js';

function mail(headers: Readonly<Record<string, string>>, more: Partial<ParsedMail> = {}): ParsedMail {
  return {
    messageId: 'x@klient.example', inReplyTo: [], references: [], from: { address: 'jan@klient.example', name: 'Jan' }, sender: undefined, replyTo: [], to: [], cc: [], subject: 'Order', date: undefined,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])), text: 'Where is my order?', visibleText: 'Where is my order?', hiddenText: '', hiddenLines: 0, html: undefined, attachments: [], bytes: 1, language: undefined, forwarded: false, report: undefined, contentHash: '', ...more,
  };
}

describe('classifyMail', () => {
  it('takes an ordinary mail for personal', () => {
    expect(classifyMail(mail({}))).toEqual({ kind: 'personal' });
    expect(classifyMail(mail({ 'auto-submitted': 'no' }))).toEqual({ kind: 'personal' });
  });

  it('C27 an Auto-Submitted mail is classified, with the reason', () => {
    expect(classifyMail(mail({ 'auto-submitted': 'auto-replied' }))).toEqual({ kind: 'auto-reply', reason: 'Auto-Submitted: auto-replied' });
    expect(classifyMail(mail({ 'auto-submitted': 'auto-generated' }))).toEqual({ kind: 'system', reason: 'Auto-Submitted: auto-generated' });
  });

  it.each(['Automatic reply: Order', 'Out of office: Order', 'Automatische Antwort: Bestellung', 'Abwesenheitsnotiz', 'Automatyczna odpowiedź: Zamówienie', 'Autoodpowiedź', 'Poza biurem', 'Réponse automatique : commande', 'Respuesta automática: pedido', 'Risposta automatica: ordine', 'Automatisch antwoord: bestelling', 'Autosvar: ordre', 'Resposta automática: pedido', 'Автоматический ответ: заказ', 'Automatická odpověď: objednávka'])('C18 the subject %j is an auto-reply', (subject) => {
    expect(classifyMail(mail({}, { subject })).kind).toBe('auto-reply');
  });

  it.each(['Re: Automatic reply: Order', 'Nieobecność kuriera', 'Urlop a dostawa', 'Abwesend waren wir nicht', 'Delivery date', 'Delivery address change', 'Error in my order', 'Returned goods', 'Undelivered parcel 4711', 'Failed payment'])('a person may write about %j', (subject) => {
    expect(classifyMail(mail({}, { subject }))).toEqual({ kind: 'personal' });
  });

  it.each([
    ['x-autoreply', 'yes'], ['x-autorespond', 'Re: x'], ['precedence', 'auto_reply'], ['return-path', '<>'], ['content-type', 'multipart/report; report-type=disposition-notification'],
  ])('C18 %s: %s marks an auto-reply', (name, value) => {
    expect(classifyMail(mail({ [name]: value })).kind).toBe('auto-reply');
  });

  it.each([
    ['Google Groups', { 'list-id': '<support.shop.example>', 'list-post': '<https://groups.google.com/a/shop.example/group/support/post>, <mailto:support@shop.example>', 'mailing-list': 'list support@shop.example; contact support+owners@shop.example', precedence: 'list', 'list-unsubscribe': '<mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>' }],
    ['Mailman', { 'list-id': 'Our support <Support.Shop.example>', precedence: 'list', 'x-mailman-version': '3.3' }],
  ])('what a customer wrote to an address of ours that is a group (%s) is no list', (_program, headers) => {
    const ours = new Set(['support@shop.example']);
    expect(classifyMail(mail(headers), ours)).toEqual({ kind: 'personal' });
    expect(classifyMail(mail(headers), new Set(['other@shop.example'])).kind).toBe('list');
    // A newsletter to that group stays one.
    expect(classifyMail(mail({ 'list-unsubscribe': '<https://news.example>', ...headers, 'feedback-id': '1:campaign' }), ours).kind).toBe('list');
    expect(classifyMail(mail({ ...headers, 'auto-submitted': 'auto-generated' }), ours).kind).toBe('system');
  });

  it('knows lists, and that List-Unsubscribe alone is none', () => {
    expect(classifyMail(mail({ 'list-id': '<x.example>' })).kind).toBe('list');
    expect(classifyMail(mail({ precedence: 'list' })).kind).toBe('list');
    expect(classifyMail(mail({ 'list-unsubscribe': '<https://x.example>', precedence: 'bulk' })).kind).toBe('list');
    expect(classifyMail(mail({ 'list-unsubscribe': '<https://x.example>' })).kind).toBe('personal');
  });

  it('C16 knows no-reply senders and machines, but not the form that writes for a customer', () => {
    const noReply = { from: { address: 'no-reply@shop.example', name: '' } };
    expect(classifyMail(mail({}, noReply)).kind).toBe('system');
    expect(classifyMail(mail({}, { from: { address: 'alerts@monitor.example', name: '' } })).kind).toBe('system');
    expect(classifyMail(mail({}, { ...noReply, replyTo: [{ address: 'jan@klient.example', name: '' }] })).kind).toBe('personal');
    expect(classifyMail(mail({}, { from: { address: 'root@host.example', name: 'Cron Daemon' }, subject: 'Cron <root@host> backup' })).kind).toBe('system');
    expect(classifyMail(mail({}, { from: { address: 'root@host.example', name: '' }, subject: 'Error in backup', text: 'backup failed' })).kind).toBe('system');
  });

  it('X-Auto-Response-Suppress marks a notice, not an answer in a running exchange', () => {
    expect(classifyMail(mail({ 'x-auto-response-suppress': 'All' })).kind).toBe('system');
    expect(classifyMail(mail({ 'x-auto-response-suppress': 'All' }, { inReplyTo: ['a@b'] })).kind).toBe('personal');
    expect(classifyMail(mail({ 'x-auto-response-suppress': 'DR' })).kind).toBe('personal');
  });

  it('a courier that could not deliver a parcel is no mail server', () => {
    const courier = { from: { address: 'no-reply@courier.example', name: 'Courier' }, subject: 'Delivery failed: your parcel 4711', text: 'Dear Jan, your parcel could not be delivered to Prosta 1 today.' };
    expect(classifyMail(mail({}, courier)).kind).toBe('system');
    expect(classifyMail(mail({}, { ...courier, from: { address: 'jan@klient.example', name: 'Jan' } })).kind).toBe('personal');
  });

  it('C17 knows bounces', () => {
    expect(classifyMail(mail({ 'content-type': 'multipart/report; report-type=delivery-status' })).kind).toBe('bounce');
    expect(classifyMail(mail({ 'x-failed-recipients': 'a@b.example' })).kind).toBe('bounce');
    expect(classifyMail(mail({ from: 'MAILER-DAEMON' }, { from: { address: 'mailer-daemon@x.example', name: '' } })).kind).toBe('bounce');
    expect(classifyMail(mail({ 'return-path': '<>' }, { subject: 'Undelivered Mail Returned to Sender', text: '550 user unknown' })).kind).toBe('bounce');
  });
});
