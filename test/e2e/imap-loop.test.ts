/**
 * The whole loop on real servers: Dovecot, an SMTP relay, the product itself. Mail delivered by LMTP becomes a card; the answer is found by the customer in the right thread; a copy lies in Sent; the mail
 * server is stopped, killed and renumbered in between, and Goniec is restarted.
 */
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { AgentId } from '../../src/core/ids.js';
import type { Config } from '../../src/config.js';
import type { CommandOutcome } from '../../src/core/calls.js';
import type { Conversation, Message } from '../../src/core/model.js';
import { openHouse, startGoniec, type Running } from '../../src/main.js';
import { eventually } from '../support/eventually.js';
import { startDovecot, type Dovecot } from '../support/dovecot.js';
import { freshDatabase } from '../support/postgres.js';
import { quietLog } from '../support/quiet-log.js';
import { aDesk, aMailbox } from '../support/samples.js';
import { available } from '../support/servers.js';
import { startSmtpSink, type SmtpSink } from '../support/smtp-sink.js';
import { tempFolder } from '../support/temp-folder.js';
import { mailFrom } from '../support/desk-under-test.js';
import { plainSearch } from '../../src/core/search/parse.js';

const WAIT = { timeoutMs: 20_000 };

const ENGINES = [
  { engine: 'SQLite', servers: ['dovecot'], databaseUrl: (folder: string) => Promise.resolve(`file:${join(folder, 'goniec.db')}`) },
  { engine: 'PostgreSQL', servers: ['dovecot', 'postgresql'], databaseUrl: () => freshDatabase({ name: 'loop' }) },
] as const;

for (const { engine, servers, databaseUrl } of ENGINES) describe.runIf(available(...servers))(`the loop over real IMAP and SMTP, on ${engine}`, () => {
  let dovecot: Dovecot;
  let relay: SmtpSink;
  let goniec: Running;
  const temp = tempFolder('loop');
  const log = quietLog();
  let config: Config = {
    host: '127.0.0.1', port: 0, dataDir: temp.path, appSecret: 'a secret that is long enough for tests', databaseUrl: '', publicUrl: undefined, trustProxy: false, logLevel: 'silent',
    inboundSmtp: { host: '127.0.0.1', port: 0, tls: undefined },
  };

  beforeAll(async () => {
    config = { ...config, databaseUrl: await databaseUrl(temp.path) };
    dovecot = await startDovecot({ users: { shop: 'secret', anna: 'secret' } });
    relay = await startSmtpSink();
    await dovecot.deliver('shop', mailFrom('Old <old@customer.example>', 'From before the first connection', 'Long ago'));
    const login = { user: 'shop', password: 'secret', ca: dovecot.ca, trustAnyCertificate: false } as const;
    const desk = aDesk({
      mailboxes: [aMailbox({
        kind: 'imap', plusAddressing: true, undoSeconds: 0, since: new Date('2020-01-01'),
        imap: { ...login, host: 'localhost', port: dovecot.imapsPort, security: 'tls', folders: ['INBOX'], after: { do: 'leave' }, sentFolder: 'Sent', pollSeconds: 2 },
        smtp: { host: '127.0.0.1', port: relay.port, security: 'none', user: undefined, password: undefined, ca: undefined, trustAnyCertificate: false },
      })],
    });
    const house = await openHouse(config, log);
    await house.store.transaction((tx) => tx.desk.save(desk));
    goniec = await startGoniec(config, log, { house });
  });

  afterAll(async () => {
    await goniec?.stop();
    await relay?.stop();
    await dovecot?.close();
    await temp.remove();
  });

  /** Every conversation that has a card, answered or not. */
  const shown = async (): Promise<readonly Conversation[]> => {
    const page = { limit: 100, offset: 0 };
    const rows = [...(await goniec.store.conversations.list({ kind: 'open' }, page)), ...(await goniec.store.conversations.list({ kind: 'pending' }, page))];
    return rows.map(({ conversation }) => conversation).filter(({ cardRef }) => cardRef !== undefined);
  };
  const cards = async (): Promise<readonly string[]> => (await shown()).map(({ subject }) => subject).sort();
  const numberOf = async (subject: string): Promise<number> => {
    const found = (await shown()).find((conversation) => conversation.subject === subject);
    if (!found) throw new Error(`no card for ${subject}`);
    return found.number;
  };
  const messagesOf = async (number: number): Promise<readonly Message[]> => {
    const conversation = await goniec.store.conversations.byNumber(number);
    return conversation ? goniec.store.messages.of(conversation.id) : [];
  };
  const say = async (verb: string, number: number, args: Readonly<Record<string, string>>): Promise<CommandOutcome> =>
    goniec.perform({ verb, args: { ...args, conversation: String(number) }, actor: 'marek' as AgentId, via: 'web', conversationId: undefined, revision: undefined, eventId: undefined });
  const readFolder = async (user: string, folder: string): Promise<readonly { headers: string }[]> => {
    const client = new ImapFlow({ host: 'localhost', port: dovecot.imapsPort, secure: true, auth: { user, pass: 'secret' }, tls: { ca: dovecot.ca }, logger: false });
    await client.connect();
    try {
      await client.mailboxOpen(folder, { readOnly: true });
      const found: { headers: string }[] = [];
      for await (const message of client.fetch('1:*', { headers: true })) found.push({ headers: message.headers?.toString() ?? '' });
      return found;
    } finally {
      await client.logout();
    }
  };
  const header = (headers: string, name: string): string => (new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(headers)?.[1] ?? '').replace(/\r?\n[ \t]+/g, ' ').trim();

  it('a mail becomes a card; what was there before the first connection does not (C05)', async () => {
    await eventually(async () => expect(await goniec.store.search.find(plainSearch('before first connection'), 5)).toHaveLength(1), WAIT);
    await dovecot.deliver('shop', mailFrom('Anna <anna@customer.example>', 'Broken cup', 'It came broken', { 'Message-ID': '<cup@customer.example>', References: '<root@customer.example>' }));
    await eventually(async () => expect(await cards()).toEqual(['Broken cup']), WAIT);
  });

  it('the answer is found by the customer in the right thread, once, and a copy lies in Sent', async () => {
    const number = await numberOf('Broken cup');
    expect((await say('reply', number, { text: 'A new one is on its way.' })).kind).toBe('done');
    const sent = await relay.waitFor(({ to }) => to.includes('anna@customer.example'), WAIT.timeoutMs);
    await dovecot.deliver('anna', sent.raw);
    const [letter] = await readFolder('anna', 'INBOX');
    expect(header(letter?.headers ?? '', 'In-Reply-To')).toBe('<cup@customer.example>');
    expect(header(letter?.headers ?? '', 'References')).toBe('<root@customer.example> <cup@customer.example>');
    await eventually(async () => {
      const copies = await readFolder('shop', 'Sent');
      expect(copies.map(({ headers }) => header(headers, 'Message-ID'))).toEqual([sent.messageId]);
    }, WAIT);
    expect(relay.mails).toHaveLength(1);
  });

  it("the customer's answer to the reply address alone comes back into the conversation", async () => {
    const number = await numberOf('Broken cup');
    const replyTo = /<([^>]+)>/.exec(header(relay.mails[0]?.raw.toString() ?? '', 'Reply-To'))?.[1] ?? '';
    expect(replyTo).toMatch(/^shop\+g\d+\..+@desk\.example$/);
    await dovecot.deliver('shop', mailFrom('Anna <anna@customer.example>', 'A subject of its own', 'Thank you, when exactly does it come?', { To: replyTo }));
    await eventually(async () => expect((await messagesOf(number)).map(({ text }) => text)).toContain('Thank you, when exactly does it come?'), WAIT);
  });

  it('nothing is lost and nothing comes twice when the mail server is killed, stopped and renumbered, and Goniec is restarted (C03, C29)', async () => {
    await dovecot.kill();
    await dovecot.start();
    await dovecot.deliver('shop', mailFrom('Ben <ben@customer.example>', 'After the kill', 'one'));
    await eventually(async () => expect(await cards()).toContain('After the kill'), { timeoutMs: 60_000 });

    await dovecot.stop();
    await dovecot.changeUidValidity('shop');
    await dovecot.start();
    await dovecot.deliver('shop', mailFrom('Cas <cas@customer.example>', 'After the renumbering', 'two'));
    await eventually(async () => expect(await cards()).toContain('After the renumbering'), { timeoutMs: 60_000 });

    await goniec.stop();
    await dovecot.deliver('shop', mailFrom('Dan <dan@customer.example>', 'While Goniec was away', 'three'));
    goniec = await startGoniec(config, log);
    await eventually(async () => expect(await cards()).toContain('While Goniec was away'), { timeoutMs: 60_000 });

    expect(await cards()).toEqual(['After the kill', 'After the renumbering', 'Broken cup', 'While Goniec was away']);
    expect(relay.mails).toHaveLength(1);
  }, 240_000);

  it('C02 a mail that was read in another mail program is taken all the same', async () => {
    const client = new ImapFlow({ host: 'localhost', port: dovecot.imapsPort, secure: true, auth: { user: 'shop', pass: 'secret' }, tls: { ca: dovecot.ca }, logger: false });
    await client.connect();
    await client.append('INBOX', mailFrom('Eve <eve@customer.example>', 'Read already', 'four'), ['\\Seen']);
    await client.logout();
    await eventually(async () => expect(await cards()).toContain('Read already'), WAIT);
  });

  if (engine === 'PostgreSQL') {
    it('of two nodes one watches the mailbox; when it stops, the other one goes on', async () => {
      const watched = async (node: Running): Promise<unknown> => ((await (await fetch(`${node.url}/readyz`)).json()) as { mailboxes: unknown }).mailboxes;
      const other = await startGoniec(config, log);
      try {
        expect(await watched(other)).toEqual({ 'shop/INBOX': 'elsewhere' });
        await dovecot.deliver('shop', mailFrom('Fay <fay@customer.example>', 'For two nodes', 'five'));
        await eventually(async () => expect(await cards()).toContain('For two nodes'), WAIT);
        await goniec.stop();
        await dovecot.deliver('shop', mailFrom('Gus <gus@customer.example>', 'For the one that is left', 'six'));
        goniec = other;
        await eventually(async () => expect(await cards()).toContain('For the one that is left'), WAIT);
        expect(await watched(other)).toEqual({ 'shop/INBOX': 'watching' });
        expect((await cards()).filter((subject) => subject.startsWith('For '))).toHaveLength(2);
      } finally {
        if (goniec !== other) await other.stop();
      }
    }, 120_000);
  }
});
