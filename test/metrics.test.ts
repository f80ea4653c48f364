import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readConfig } from '../src/config.js';
import type { MailboxId } from '../src/core/ids.js';
import { MailboxProblem } from '../src/mail/mailbox-problem.js';
import { createMetrics, type Metrics } from '../src/metrics.js';
import { openHouse, startGoniec } from '../src/main.js';
import { metricsRoutes } from '../src/web/routes/metrics.js';
import { mailFrom, openDesk, type DeskUnderTest } from './support/desk-under-test.js';
import { eventually } from './support/eventually.js';
import { quietLog } from './support/quiet-log.js';
import { aDesk, aMailbox } from './support/samples.js';
import { tempFolder } from './support/temp-folder.js';

const SHOP = 'shop' as MailboxId;
const DAY_MS = 86_400_000;
/** Lines of our own, without the explanations. */
const numbers = async (metrics: Metrics): Promise<readonly string[]> => (await metrics.read()).body.split('\n').filter((line) => line.startsWith('goniec_'));

describe('metrics', () => {
  let desk: DeskUnderTest;
  let metrics: Metrics;
  beforeAll(async () => {
    desk = await openDesk();
    metrics = createMetrics({ store: desk.store, jobs: { depth: async () => ({ waiting: 3, oldestDueMs: 1_500, failed: 1 }) }, desk: async () => desk.desk, clock: { now: desk.now } });
  });
  afterAll(() => desk.close());

  it('tell the state of an idle desk, and of the process', async () => {
    const { body, contentType } = await metrics.read();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toMatch(/^process_resident_memory_bytes \d+/m);
    expect(await numbers(metrics)).toEqual(expect.arrayContaining([
      'goniec_intake_oldest_unread_seconds{mailbox="shop"} 0', 'goniec_jobs_waiting 3', 'goniec_jobs_oldest_due_seconds 1.5', 'goniec_jobs_failing 1', 'goniec_quarantine_mails 0', 'goniec_deliveries{state="uncertain"} 0',
    ]));
  });

  it('tell how long mail lies unread; history delays nobody', async () => {
    await desk.keep(mailFrom('old@customer.example', 'Old', 'old'), { historic: true });
    desk.pass(10_000);
    await desk.keep(mailFrom('a@customer.example', 'New', 'new'));
    desk.pass(42_000);
    expect(await numbers(metrics)).toContain('goniec_intake_oldest_unread_seconds{mailbox="shop"} 42');
    await desk.settle();
    const after = await numbers(metrics);
    expect(after).toContain('goniec_intake_oldest_unread_seconds{mailbox="shop"} 0');
    expect(after.find((line) => line.startsWith('goniec_deliveries{state="done"}'))).not.toMatch(/ 0$/);
  });

  it('tell how many conversations wait, and how many too long', async () => {
    expect(await numbers(metrics)).toEqual(expect.arrayContaining(['goniec_conversations{state="open"} 1', 'goniec_conversations{state="unassigned"} 1', 'goniec_conversations{state="overdue"} 0', 'goniec_conversations{state="closed"} 1']));
    await desk.store.transaction(async (tx) => tx.desk.save({ ...desk.desk, mailboxes: desk.desk.mailboxes.map((mailbox) => ({ ...mailbox, answerWithin: { normal: 60 } })) }));
    await desk.receive(mailFrom('b@customer.example', 'Late', 'Where is it?'));
    await desk.say('marek', 'claim', 2);
    desk.pass(DAY_MS * 4);
    expect(await numbers(metrics)).toEqual(expect.arrayContaining(['goniec_conversations{state="open"} 2', 'goniec_conversations{state="unassigned"} 1', 'goniec_conversations{state="overdue"} 2']));
  });

  it('count interruptions and reconnects of folders, and how long ago each was read', async () => {
    metrics.onState(SHOP, 'INBOX', { state: 'connecting' });
    metrics.onState(SHOP, 'INBOX', { state: 'watching' });
    metrics.onLook(SHOP, 'INBOX');
    metrics.onState(SHOP, 'INBOX', { state: 'waiting', problem: new MailboxProblem('wrong-password', 'no'), retryAt: desk.now() });
    desk.pass(60_000);
    expect(await numbers(metrics)).toEqual(expect.arrayContaining([
      'goniec_imap_interruptions_total{mailbox="shop",folder="INBOX",problem="wrong-password"} 1', 'goniec_imap_watching{mailbox="shop",folder="INBOX"} 0', 'goniec_intake_last_look_seconds{mailbox="shop",folder="INBOX"} 60',
    ]));
    metrics.onState(SHOP, 'INBOX', { state: 'connecting' });
    metrics.onState(SHOP, 'INBOX', { state: 'watching' });
    metrics.onLook(SHOP, 'INBOX');
    expect(await numbers(metrics)).toEqual(expect.arrayContaining(['goniec_imap_reconnects_total{mailbox="shop",folder="INBOX"} 1', 'goniec_imap_watching{mailbox="shop",folder="INBOX"} 1', 'goniec_intake_last_look_seconds{mailbox="shop",folder="INBOX"} 0']));
    metrics.forget(SHOP);
    expect((await numbers(metrics)).filter((line) => line.startsWith('goniec_imap_watching'))).toEqual([]);
  });

  it('are whole for everybody who asks at once', async () => {
    const answers = await Promise.all([metrics.read(), metrics.read(), metrics.read()]);
    for (const { body } of answers) expect(body).toContain('goniec_intake_oldest_unread_seconds{mailbox="shop"} 0');
  });
});

describe('/metrics', () => {
  const TOKEN = 'a token for the monitoring system';
  const app = metricsRoutes({ metrics: { read: async () => ({ body: 'goniec_up 1\n', contentType: 'text/plain' }), token: TOKEN.replaceAll(' ', '-') } });
  const ask = async (from: string, headers: Record<string, string> = {}): Promise<number> =>
    (await app.request('http://localhost:3000/metrics', { headers: { Host: 'localhost:3000', ...headers } }, { incoming: { socket: { remoteAddress: from } } })).status;

  it('is for this machine, and for who has the token', async () => {
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask('::1')).toBe(200);
    expect(await ask('192.0.2.7')).toBe(401);
    expect(await ask('192.0.2.7', { Authorization: `Bearer ${TOKEN.replaceAll(' ', '-')}` })).toBe(200);
    expect(await ask('192.0.2.7', { Authorization: 'Bearer guessed' })).toBe(401);
    expect(await ask('192.0.2.7', { Authorization: 'Bearer ' })).toBe(401);
  });

  it('is not for those who come through a proxy on this machine, or by a foreign name that points here', async () => {
    expect(await ask('127.0.0.1', { 'X-Forwarded-For': '192.0.2.7' })).toBe(401);
    expect(await ask('127.0.0.1', { Host: 'desk.example.com' })).toBe(401);
  });

  it('has a token that is not guessed, or none', () => {
    const environment = { APP_SECRET: 'a secret that is long enough for tests' };
    expect(readConfig(environment).metricsToken).toBeUndefined();
    expect(readConfig({ ...environment, METRICS_TOKEN: '0123456789abcdef' }).metricsToken).toBe('0123456789abcdef');
    expect(() => readConfig({ ...environment, METRICS_TOKEN: 'short' })).toThrow(/METRICS_TOKEN is too short/);
    expect(() => readConfig({ ...environment, METRICS_TOKEN: 'with a blank in the middle' })).toThrow(/METRICS_TOKEN has a blank/);
  });

  it('needs a login or nothing at all where there are no numbers', async () => {
    expect((await metricsRoutes({}).request('/metrics')).status).toBe(404);
  });

  it('is served by a desk that runs', async () => {
    const temp = tempFolder('metrics');
    const config = { host: '127.0.0.1', port: 0, dataDir: temp.path, appSecret: 'a secret that is long enough for tests', databaseUrl: `file:${temp.path}/goniec.db`, publicUrl: undefined, trustProxy: false, logLevel: 'silent', inboundSmtp: { host: '127.0.0.1', port: 0, tls: undefined } } as const;
    const house = await openHouse(config, quietLog());
    await house.store.transaction((tx) => tx.desk.save(aDesk({ mailboxes: [aMailbox({ kind: 'imap', imap: { host: '127.0.0.1', port: 1, security: 'none', user: 'x', password: 'x', ca: undefined, trustAnyCertificate: false, folders: ['INBOX'], after: { do: 'leave' }, sentFolder: undefined, pollSeconds: 60 } })] })));
    const goniec = await startGoniec(config, quietLog(), { house });
    await eventually(async () => {
      const answer = await fetch(`${goniec.url}/metrics`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toMatch(/^goniec_imap_interruptions_total\{mailbox="shop",folder="INBOX",problem="\w[\w-]*"\} 1$/m);
    }, { timeoutMs: 15_000 });
    await goniec.stop();
    await temp.remove();
  });
});
