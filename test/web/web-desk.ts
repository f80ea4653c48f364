/** The web desk over a real store, real commands and real mail, on a real port where a test wants one. */
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';

import { createWebBridge } from '../../src/bridges/web/bridge.js';
import { createLiveHub, type LiveHub } from '../../src/bridges/web/live-hub.js';
import { createPerform } from '../../src/commands/perform.js';
import { tellerOf } from '../../src/core/export-page.js';
import { Refusal } from '../../src/core/errors.js';
import type { AgentId } from '../../src/core/ids.js';
import type { Agent, Desk } from '../../src/core/model.js';
import type { Bridge, ChatTrouble } from '../../src/core/ports/chat.js';
import { followDesk } from '../../src/desk/current-desk.js';
import { beginAnswering, beginReading, endAnswering } from '../../src/desk/presence.js';
import { retryQuarantined } from '../../src/desk/quarantine.js';
import { beginExport, exportConversation } from '../../src/desk/export-conversation.js';
import { createContentReader } from '../../src/desk/read-content.js';
import { createThreadFiles } from '../../src/desk/thread-files.js';
import { demand } from '../../src/core/permissions.js';
import { staffUnit, type StaffUnit } from '../../src/desk/unit.js';
import { createComposer } from '../../src/mail/compose.js';
import { zip } from '../../src/mail/zip.js';
import { toHtml } from '../../src/mail/markdown.js';
import { parseMail } from '../../src/mail/parse.js';
import { sanitizeMailHtml } from '../../src/mail/sanitize.js';
import { openBlobs } from '../../src/storage/blobs.js';
import { newId } from '../../src/storage/new-id.js';
import { openVault } from '../../src/storage/vault.js';
import type { CustomerMailbox } from '../../src/web/customer-mailbox.js';
import { hashPassword } from '../../src/web/passwords.js';
import { createWeb } from '../../src/web/server.js';
import { openDesk, type DeskUnderTest } from '../support/desk-under-test.js';
import { nobody } from '../support/nobody.js';
import { quietLog } from '../support/quiet-log.js';

export const PASSWORD = 'correct horse battery';
export const DEMO_TOKEN = 'printed-link-token';

export interface WebDesk {
  readonly under: DeskUnderTest;
  readonly app: ReturnType<typeof createWeb>;
  readonly live: LiveHub;
  readonly bridge: Bridge;
  readonly log: ReturnType<typeof quietLog>;
  /** Makes presence known as another bridge would. */
  answering(agent: string, via: string, number: number): Promise<void>;
  /** Opens a port on this machine; closed with the desk. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export async function openWebDesk(over: Partial<Desk> = {}, customers: CustomerMailbox = noCustomers, troubles: () => readonly ChatTrouble[] = () => []): Promise<WebDesk> {
  const under = await openDesk(over);
  const log = quietLog();
  const vault = openVault('test secret, long enough for the vault');
  const clock = { now: () => under.now() };
  const current = await followDesk(under.store, () => {});
  const sign = (text: string): string => vault.sign(text);
  const blobs = openBlobs(join(under.folder, 'blobs'));
  const perform = createPerform({
    store: under.store, desk: current, clock, newId, sign, log, threadFiles: createThreadFiles({ store: under.store, blobs, content: createContentReader({ store: under.store, blobs, readMail: parseMail }) }),
  });
  const live = createLiveHub();
  const bridge = createWebBridge({ live });
  await bridge.start(nobody);
  for (const agent of under.desk.agents) await under.store.transaction(async (tx) => tx.desk.setPasswordHash(agent.id, await cachedHash()));

  const asStaff = async <Result>(actorId: AgentId, via: string, work: (unit: StaffUnit) => Promise<Result>): Promise<Result> => {
    const desk = await current();
    const actor = desk.agents.find(({ id }) => id === actorId);
    if (!actor) throw new Refusal('refused.unknown-agent');
    demand('work', actor, desk);
    return under.store.transaction((tx) => work(staffUnit({ tx, desk, now: clock.now(), newId, sign }, actor, via)));
  };
  const app = createWeb({
    store: under.store, perform, blobs, readMail: parseMail, toHtml, showHtml: sanitizeMailHtml, clock, log, newId,
    presence: {
      begin: (conversation, agent, via, doing) => asStaff(agent, via, (unit) => (doing === 'reading' ? beginReading(unit, conversation) : beginAnswering(unit, conversation))),
      end: (conversation, agent, via) => asStaff(agent, via, (unit) => endAnswering(unit, conversation)),
    },
    exportConversation: async (id, agentId, { format, internal }) => {
      const { conversation, desk: seen, actor, now } = await asStaff(agentId, 'web', (unit) => beginExport(unit, id, { format, internal }));
      const content = createContentReader({ store: under.store, blobs, readMail: parseMail });
      return exportConversation({ store: under.store, content, compose: createComposer({ readBlob: (hash) => blobs.get(hash), sign }), archive: zip, toHtml }, { conversation, desk: seen, format, internal, teller: tellerOf(actor.locale, actor.timeZone), now });
    },
    quarantine: {
      async retry(mail, actor) {
        await asStaff(actor, 'web', (unit) => retryQuarantined(unit, mail));
        return { kind: 'done', message: { key: 'settings.saved', params: {} } };
      },
    },
    readiness: async () => ({ ready: true }),
    troubles, announcements: live, publicUrl: 'https://desk.example', secureCookies: false, trustProxy: false,
    demo: { loginToken: DEMO_TOKEN, agentId: (under.desk.agents[0] as Agent).id, customers },
  });
  let server: Server | undefined;
  return {
    under, app, live, bridge, log,
    async answering(agent, via, number) {
      const { id } = await under.conversation(number);
      await asStaff(agent as AgentId, via, (unit) => beginAnswering(unit, id));
    },
    async listen() {
      const handle = getRequestListener(app.fetch);
      server = createServer((request, response) => { void handle(request, response); });
      const listening = server;
      await new Promise<void>((resolve) => { listening.listen(0, '127.0.0.1', resolve); });
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    },
    async close() {
      live.close();
      server?.closeAllConnections();
      server?.close();
      current.stop();
      await under.close();
    },
  };
}

/** Hashing is slow on purpose; every agent of the tests has the same password. */
let hashed: Promise<string> | undefined;
const cachedHash = (): Promise<string> => (hashed ??= hashPassword(PASSWORD));

const noCustomers: CustomerMailbox = { list: async () => [], letters: async () => [], answer: async () => {}, write: async () => {} };
