/**
 * `goniec demo`: the whole product on this machine alone. The desk's own database, the real inbound SMTP listener, a mail sink for what goes out, the web desk as the chat, and
 * sample mail that comes in by SMTP.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Config } from '../config.js';
import type { AgentId } from '../core/ids.js';
import type { Desk } from '../core/model.js';
import type { Log } from '../core/ports/effects.js';
import { keepPreferences } from '../deskfile/preferences.js';
import { readDeskFile } from '../deskfile/read.js';
import { formatProblems } from '../deskfile/problems.js';
import { openHouse, startGoniec, type Running } from '../main.js';
import { parseMail } from '../mail/parse.js';
import { re2Patterns } from '../patterns/re2.js';
import { openCustomerMailboxes } from './customer-mailboxes.js';
import { startMailSink } from './mail-sink.js';
import { DEMO_FOLDER, readSampleMails } from './sample-mail.js';

export interface DemoOptions {
  /** Folder that the demo keeps to itself; it survives restarts. */
  readonly dataDir: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly inboundPort: number;
  readonly log: Log;
}

export interface Demo extends Running {
  /** Opens the desk as the sample agent. */
  readonly link: string;
  /** Set on the first start: how many sample mails were sent in. */
  readonly sampleMails: number;
}

/** The agent that the printed link logs in. */
const DEMO_AGENT = 'marek' as AgentId;
const DESK_ADDRESS = { name: 'Pracownia Glinka', address: 'sklep@glinka.example' };
const CUSTOMERS = [
  { address: 'k.wojcik@poczta.example', name: 'Katarzyna Wójcik', language: 'pl' },
  { address: 'jan.kowalczyk@poczta.example', name: 'Jan Kowalczyk', language: 'pl' },
  { address: 'emma.lindqvist@post.example', name: 'Emma Lindqvist', language: 'en' },
  { address: 'james.oneill@mail.example', name: "James O'Neill", language: 'en' },
] as const;

export async function startDemo({ dataDir, host, port, inboundPort, log }: DemoOptions): Promise<Demo> {
  await mkdir(dataDir, { recursive: true });
  const appSecret = await keptSecret(join(dataDir, 'app-secret'));
  // Customers write to the port that inbound SMTP gets below.
  const inbound = { port: inboundPort };
  const customers = openCustomerMailboxes({ folder: join(dataDir, 'customers'), customers: CUSTOMERS, readMail: parseMail, inboundPort: () => inbound.port, deskAddress: DESK_ADDRESS });
  const sink = await startMailSink({ deliver: (to, raw) => customers.deliver(to, raw), log });
  const config: Config = {
    host, port, dataDir, appSecret, databaseUrl: `file:${join(dataDir, 'goniec.db')}`, publicUrl: port === 0 ? undefined : `http://${host}:${port}`, trustProxy: false, logLevel: 'warn',
    inboundSmtp: { host: '127.0.0.1', port: inboundPort, tls: undefined },
  };
  const house = await openHouse(config, log);
  const present = await house.desk();
  const first = present.mailboxes.length === 0;
  const desk = keepPreferences(present, await readDemoDesk(sink.port));
  await house.store.transaction((tx) => tx.desk.save(desk));
  const loginToken = randomBytes(24).toString('base64url');
  const running = await startGoniec(config, log, { house, demo: { loginToken, agentId: DEMO_AGENT, customers } });
  inbound.port = running.inboundSmtpPort ?? inboundPort;

  const samples = first ? await readSampleMails(new Date()) : [];
  for (const { raw } of samples) {
    const mail = await parseMail(raw);
    await customers.send(raw, mail.from?.address ?? '', mail.to.map(({ address }) => address));
  }
  return {
    ...running,
    link: `${running.url}/demo/login?token=${loginToken}`,
    sampleMails: samples.length,
    async stop() {
      await running.stop();
      await sink.stop();
    },
  };
}

/** The sample desk, sending through the sink. */
async function readDemoDesk(sinkPort: number): Promise<Desk> {
  const file = join(DEMO_FOLDER, 'desk.yaml');
  const read = readDeskFile(await readFile(file, 'utf8'), {}, re2Patterns());
  if ('problems' in read) throw new Error(formatProblems(read.problems, file, 'en'));
  return { ...read.desk, sample: true, mailboxes: read.desk.mailboxes.map((mailbox) => ({ ...mailbox, smtp: mailbox.smtp && { ...mailbox.smtp, port: sinkPort } })) };
}

/** The demo makes its own secret once, so that it can read its data after a restart. */
async function keptSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const secret = randomBytes(32).toString('hex');
    await writeFile(file, `${secret}\n`, { mode: 0o600 });
    return secret;
  }
}
