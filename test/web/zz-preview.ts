import type { AgentId, ChannelId, FolderId, LabelId, MailboxId, TemplateId, TeamId, RuleId } from '../../src/core/ids.js';
import { mailFrom } from '../support/desk-under-test.js';
import { aMailbox, anAgent } from '../support/samples.js';
import { openWebDesk, DEMO_TOKEN } from './web-desk.js';
const ch = (id: string, bridge = 'web') => ({ id: id as ChannelId, name: id, bridge, target: id });
const desk = await openWebDesk({
  name: 'Pracownia Glinka',
  mailboxes: [aMailbox({ id: 'sklep' as MailboxId, address: 'sklep@glinka.example', name: 'Pracownia Glinka', channel: 'zamowienia' as ChannelId, signature: 'Pozdrawiamy\nPracownia Glinka' })],
  channels: [ch('zamowienia'), ch('zwroty'), ch('faktury'), ch('hurt-wholesale', 'discord'), ch('warsztaty', 'discord')],
  agents: [anAgent({ email: 'marek@glinka.example' }), anAgent({ id: 'anna' as AgentId, name: 'Anna Zielińska', email: 'anna@glinka.example', locale: 'pl' }), anAgent({ id: 'tomek' as AgentId, name: 'Tomek Bąk', email: 'tomek@glinka.example' })],
  teams: [{ id: 'sklep' as TeamId, name: 'Sklep' }],
  folders: [{ id: 'invoices' as FolderId, name: 'Invoices' }, { id: 'news' as FolderId, name: 'Newsletters' }, { id: 'system' as FolderId, name: 'System mail' }],
  labels: [{ id: 'reklamacja' as LabelId, name: 'reklamacja', colour: 1 }, { id: 'wysylka' as LabelId, name: 'wysyłka', colour: 5 }, { id: 'zwrot' as LabelId, name: 'zwrot', colour: 7 }],
  templates: [{ id: 'rekl' as TemplateId, name: 'Reklamacja: wymiana', locale: 'pl', body: 'Dzień dobry, {{customer.firstName}},\n\nbardzo przepraszamy. Nowy kubek wysyłamy jeszcze dziś.' }, { id: 'damaged' as TemplateId, name: 'Damaged item: replacement', locale: 'en', body: 'Hello {{customer.firstName|there}},\n\nwe are sorry. A new one is on its way.' }],
  rules: [{ id: 'reklamacje' as RuleId, name: 'Reklamacje', position: 1, when: { any: [{ subject: 'pęknięty' }, { subject: 'colour' }] }, then: [{ channel: 'zwroty' as ChannelId }, { label: 'reklamacja' as LabelId }] },
    { id: 'wys' as RuleId, name: 'Wysyłka', position: 2, when: { any: [{ subject: 'paczka' }, { subject: 'ship' }] }, then: [{ label: 'wysylka' as LabelId }] },
    { id: 'hurt' as RuleId, name: 'Hurt', position: 3, when: { subject: 'hurt' }, then: [{ channel: 'hurt-wholesale' as ChannelId }, { priority: 'high' }] },
    { id: 'news' as RuleId, name: 'Newsletters', position: 4, when: { automatic: 'list' }, then: [{ folder: 'news' as FolderId }] }],
});
const u = desk.under;
const to = { To: 'Pracownia Glinka <sklep@glinka.example>' };
const send = async (from: string, subject: string, text: string, h: Record<string, string> = {}) => u.receive(mailFrom(from, subject, text, { ...to, ...h }), { recipients: ['sklep@glinka.example'] });
await send('Marta Dębska <marta@firma.example>', 'Faktura z błędnym NIP', 'Na fakturze jest stary NIP firmy, proszę o korektę do końca tygodnia.'); u.pass(40 * 60_000);
await send("James O'Neill <james@post.example>", 'Wrong glaze colour, order 2274', 'The bowls came in blue, I ordered green. Can you swap them?'); u.pass(60 * 60_000);
await send('Kawiarnia Pod Sową <zamowienia@sowa.example>', 'Zamówienie hurtowe: 40 filiżanek', 'Potrzebujemy filiżanek 180 ml na otwarcie drugiego lokalu, termin do 12 grudnia.'); u.pass(15 * 60_000);
await send('Jan Kowalczyk <jan@poczta.example>', 'Gdzie jest moja paczka?', 'Zamówiłem tydzień temu i nadal nic.\n\nJan'); u.pass(30 * 60_000);
const raw1 = mailFrom('Katarzyna Wójcik <k.wojcik@poczta.example>', 'Kubek „Mgła” przyszedł pęknięty', 'Dzień dobry, dziś dotarła paczka i niestety kubek „Mgła” jest pęknięty od ucha aż po dno. Co mam zrobić?', { ...to, 'Message-ID': '<k1@poczta.example>' });
await u.receive(raw1, { recipients: ['sklep@glinka.example'] });
const n = 5; u.pass(60_000);
await u.say('anna', 'claim', n); u.pass(60_000);
await u.say('anna', 'reply', n, { text: 'Dzień dobry, bardzo przepraszamy. Proszę przesłać zdjęcie etykiety i uszkodzenia, a my zajmiemy się resztą.' }); u.pass(20_000); await u.settle();
const sent = (await u.messages(n)).at(-1)!; u.pass(15 * 60_000);
const b = 'bnd';
await u.receive(mailFrom('Katarzyna Wójcik <k.wojcik@poczta.example>', 'Re: Kubek „Mgła” przyszedł pęknięty', `--${b}\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWysyłam zdjęcia. To prezent na sobotę, czy zdążą Państwo z nowym kubkiem?\r\n\r\nW dniu 20.11.2026 o 15:27, Pracownia Glinka pisze:\r\n> Dzień dobry, bardzo przepraszamy.\r\n> Proszę przesłać zdjęcie etykiety\r\n> i uszkodzenia, a my zajmiemy się resztą.\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Wysyłam <b>zdjęcia</b>. <img src="https://tracker.example/x.gif"></p><script>alert(1)</script>\r\n--alt--\r\n--${b}\r\nContent-Type: image/jpeg; name="kubek-pekniecie.jpg"\r\nContent-Disposition: attachment; filename="kubek-pekniecie.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${'/9j/4AAQSkZJRgABAQAAAQABAAD/'.repeat(2000)}\r\n--${b}--`, { ...to, 'Content-Type': `multipart/mixed; boundary=${b}`, 'In-Reply-To': `<${sent.headerId}>`, References: `<k1@poczta.example> <${sent.headerId}>`, 'Message-ID': '<k2@poczta.example>' }), { recipients: ['sklep@glinka.example'] });
u.pass(60_000);
await u.say('anna', 'note', n, { text: '@Marek oddaję Tobie. Prezent na sobotę: wyślijmy nowy kubek *dziś*, kurier może poczekać.' });
await u.say('anna', 'assign', n, { to: 'marek' }); u.pass(60_000);
u.mail.send = async () => { const { MailError } = await import('../../src/core/errors.js'); throw new MailError('unavailable', false, 'line broke'); };
await u.say('tomek', 'reply', 2, { text: 'Of course, James.' }); u.pass(20_000); await u.settle();
await u.say('marek', 'reply', n, { text: 'Właśnie sprawdzamy, czy kurier zdąży na sobotę.' }); u.pass(20_000); await u.settle();
u.mail.send = async () => ({ response: 'ok' });
await send('Emma Lindqvist <emma@post.example>', 'Do you ship to Sweden?', 'Hello! I found your bowls through a friend and would love to order a set of six, but the shop does not let me choose my country.'); u.pass(4 * 60_000);
await send('Ceramika <news@ceramika.example>', 'Nowości listopada', 'Nowe szkliwa już są.', { 'List-Id': '<news.ceramika.example>', Precedence: 'bulk' });
await desk.answering('anna', 'slack', n);
await u.say('marek', 'reply', 4, { text: 'Paczka jest w drodze, numer listu wyślę za chwilę.' });
u.pass(3000);
console.log(await desk.listen() + '/demo/login?token=' + DEMO_TOKEN);
process.on('SIGTERM', () => { void desk.close().then(() => process.exit()); });
