/**
 * The composition root: builds the house, starts it, stops it. The only file that knows every room.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import cron from 'node-cron';

import { createBridges } from './bridges/index.js';
import { createDoor } from './commands/door.js';
import { createPerform, type Perform } from './commands/perform.js';
import type { Config } from './config.js';
import type { AgentId, BulkId, MailboxId } from './core/ids.js';
import type { Desk } from './core/model.js';
import type { Bridge } from './core/ports/chat.js';
import type { Blobs, Log } from './core/ports/effects.js';
import type { JobEngine } from './core/ports/jobs.js';
import type { Intake } from './core/ports/intake.js';
import type { Ownership } from './core/ports/ownership.js';
import type { Store } from './core/ports/store.js';
import { tellerOf } from './core/export-page.js';
import { runBulk, wakeBulk } from './desk/bulk.js';
import { followDesk, type CurrentDesk } from './desk/current-desk.js';
import { createDeliverer } from './desk/deliver.js';
import { cardRunner, messageRunner, movedRunner, noteRunner, quarantineRunner } from './desk/deliver-chat.js';
import { afterIntakeRunner, copyRunner, sendRunner, spamFolderRunner, type MailEffectNeeds } from './desk/deliver-mail.js';
import { EMPTY_SPAM, emptySpam, scheduleEmptySpam } from './desk/empty-spam.js';
import { beginExport, exportConversation } from './desk/export-conversation.js';
import { tellRunner } from './desk/deliver-tell.js';
import { createIntake } from './desk/keep-mail.js';
import { linkCode } from './desk/link-person.js';
import { beginAnswering, beginReading, endAnswering } from './desk/presence.js';
import { retryQuarantined, wakeReceiver } from './desk/quarantine.js';
import { createContentReader } from './desk/read-content.js';
import { receiveMail } from './desk/receive-mail.js';
import { RECOUNT_DUE, recountDue } from './desk/recount-due.js';
import { fillSearchIndex, wakeSearchIndex } from './desk/search.js';
import { runTimer } from './desk/snooze.js';
import { createThreadFiles } from './desk/thread-files.js';
import { staffUnit, wakeLane, type StaffUnit } from './desk/unit.js';
import { Refusal } from './core/errors.js';
import { demand } from './core/permissions.js';
import { closeServer, listen } from './http.js';
import { startIntakes } from './intakes.js';
import { createComposer } from './mail/compose.js';
import { toHtml } from './mail/markdown.js';
import { parseMail } from './mail/parse.js';
import { peekHeaders } from './mail/peek.js';
import { sanitizeMailHtml } from './mail/sanitize.js';
import { createMailer } from './mail/send.js';
import { createSentFolder } from './mail/sent-folder.js';
import { createSettler } from './mail/settle.js';
import { zip } from './mail/zip.js';
import { createMetrics } from './metrics.js';
import { re2Patterns } from './patterns/re2.js';
import { openBlobs } from './storage/blobs.js';
import { newId } from './storage/new-id.js';
import { openStore } from './storage/open.js';
import { openVault } from './storage/vault.js';
import { createLiveHub } from './bridges/web/live-hub.js';
import { createWeb } from './web/server.js';
import type { WebDeps } from './web/deps.js';

/** How long a stop may take before what is still running is left to the next start, in milliseconds. */
const STOP_GRACE_MS = 20_000;
/** Events of chat platforms are redelivered within minutes; a day is more than enough. */
const REMEMBER_CALLS_MS = 24 * 3_600_000;
/** What people were told in person; the conversations themselves stay. */
const REMEMBER_NOTICES_MS = 90 * 24 * 3_600_000;

/** What stands before the web desk, the watchers and the bridges run: enough for the commands of the command line. */
export interface House {
  readonly store: Store;
  readonly jobs: JobEngine;
  readonly ownership: Ownership;
  readonly blobs: Blobs;
  readonly desk: CurrentDesk;
  readonly intake: Intake;
  readonly perform: Perform;
  readonly sign: (text: string) => string;
  close(): Promise<void>;
}

export interface Running extends House {
  /** Where the web desk listens. */
  readonly url: string;
  readonly inboundSmtpPort: number | undefined;
  /** Takes nothing new, finishes what is in hand, closes. */
  stop(): Promise<void>;
}

const clock = { now: () => new Date() };

/** Opens the database and what lies beside it; migrations run here. */
export async function openHouse(config: Pick<Config, 'dataDir' | 'databaseUrl' | 'appSecret'>, log: Log): Promise<House> {
  await mkdir(config.dataDir, { recursive: true });
  const vault = openVault(config.appSecret);
  const blobs = openBlobs(join(config.dataDir, 'blobs'));
  const { store, jobs, ownership } = await openStore({ databaseUrl: config.databaseUrl, vault, log, newId, clock });
  const listeners = new Set<(desk: Desk) => void>();
  const desk = await followDesk(store, (changed) => listeners.forEach((listener) => listener(changed)));
  const common = { store, desk, clock, newId, sign: (text: string) => vault.sign(text), log };
  return {
    store,
    jobs,
    ownership,
    blobs,
    desk,
    intake: createIntake({ ...common, blobs, peekHeaders }),
    perform: createPerform({ ...common, threadFiles: createThreadFiles({ store, blobs, content: createContentReader({ store, blobs, readMail: parseMail }) }) }),
    sign: common.sign,
    async close() {
      desk.stop();
      // A reading that is under way would open the database again.
      await desk().catch(() => undefined);
      await store.close();
      await blobs.close();
    },
  };
}

/** Starts everything: takes mail in, shows it, takes verbs, sends answers. `extras.bridges` puts other chat platforms, or paces of theirs, in the place of those that the settings name. */
export async function startGoniec(config: Config, log: Log, extras: { readonly house?: House; readonly demo?: WebDeps['demo']; readonly bridges?: typeof createBridges } = {}): Promise<Running> {
  const house = extras.house ?? (await openHouse(config, log));
  const { store, jobs, blobs, desk, perform, sign } = house;
  const readContent = createContentReader({ store, blobs, readMail: parseMail });
  const patterns = re2Patterns();
  const mailer = createMailer({ log });
  const sentFolder = createSentFolder({ log });
  const settler = createSettler({ log });
  const live = createLiveHub();
  const door = createDoor({ store, blobs, desk, perform, clock, newId, sign, log, publicUrl: config.publicUrl });
  const bridges: ReadonlyMap<string, Bridge> = await (extras.bridges ?? createBridges)({ live, clock, log, newId, desk: desk.last, memory: store.memory, slack: config.slack, discord: config.discord });

  const compose = createComposer({ readBlob: (hash) => blobs.get(hash), sign });
  const mailEffects: MailEffectNeeds = {
    store, desk, compose, send: (mailbox, mail) => mailer.send(mailbox, mail), fileCopy: sentFolder.fileCopy, findInSent: sentFolder.findInSent,
    settleOnServer: settler.settle, sortSpamOnServer: settler.sortSpam,
  };
  const chatEffects = { store, desk, bridges, readContent, clock, publicUrl: config.publicUrl };
  const deliverLane = createDeliverer({
    store, desk, clock, newId, sign, log, random: Math.random,
    runners: {
      'chat.card': cardRunner(chatEffects),
      'chat.message': messageRunner(chatEffects),
      'chat.note': noteRunner(chatEffects),
      'chat.moved': movedRunner(chatEffects),
      'chat.tell': tellRunner(chatEffects),
      'chat.quarantine': quarantineRunner(chatEffects),
      'mail.send': sendRunner(mailEffects),
      'mail.copy': copyRunner(mailEffects),
      'mail.after-intake': afterIntakeRunner(mailEffects),
      'mail.spam': spamFolderRunner(mailEffects),
    },
  });

  let stopping = false;
  await wakeEverything(house);
  await jobs.start({
    receive: (mailboxId) => receiveMail({ store, blobs, readMail: parseMail, desk, patterns, clock, newId, sign, log }, mailboxId as MailboxId),
    deliver: deliverLane,
    timers(payload) {
      if (payload === EMPTY_SPAM) return emptySpam({ store, blobs, desk, clock, log });
      return payload === RECOUNT_DUE ? recountDue({ store, clock, newId, sign }) : runTimer({ store, desk, clock, newId, sign }, payload);
    },
    bulk: (id) => runBulk({ store, desk, clock, newId, sign, log, stopping: () => stopping }, id as BulkId),
    'search-index': () => fillSearchIndex({ store, log, stopping: () => stopping }),
  });
  for (const bridge of bridges.values()) {
    // A platform that cannot be reached keeps nobody from the others: its posts wait, and the web desk shows every conversation.
    await bridge.start(door).catch((error: unknown) => log.error({ bridge: bridge.name, error }, 'bridge-not-started'));
  }

  const metrics = createMetrics({ store, jobs, desk, clock });
  const intakes = await startIntakes({ ...house, config, clock, log, metrics });
  const housekeeping = cron.schedule('17 * * * *', () => {
    keepHouse(store).catch((error: unknown) => log.error({ error }, 'housekeeping-failed'));
  });

  const asStaff = async <Result>(actorId: AgentId, via: string, work: (unit: StaffUnit) => Promise<Result>): Promise<Result> => {
    const current = await desk();
    const actor = current.agents.find(({ id }) => id === actorId);
    if (!actor) throw new Refusal('refused.unknown-agent');
    demand('work', actor, current);
    return store.transaction((tx) => work(staffUnit({ tx, desk: current, now: clock.now(), newId, sign }, actor, via)));
  };
  const web = createWeb({
    store, perform, blobs, readMail: parseMail, toHtml, showHtml: sanitizeMailHtml, clock, log, newId,
    presence: {
      begin: (conversation, agent, via, doing) => asStaff(agent, via, (unit) => (doing === 'reading' ? beginReading(unit, conversation) : beginAnswering(unit, conversation))),
      end: (conversation, agent, via) => asStaff(agent, via, (unit) => endAnswering(unit, conversation)),
    },
    exportConversation: async (id, agentId, { format, internal }) => {
      const { conversation, desk: seen, actor, now } = await asStaff(agentId, 'web', (unit) => beginExport(unit, id, { format, internal }));
      return exportConversation({ store, content: readContent, compose, archive: zip, toHtml }, { conversation, desk: seen, format, internal, teller: tellerOf(actor.locale, actor.timeZone), now });
    },
    quarantine: {
      async retry(mail, actor) {
        await asStaff(actor, 'web', (unit) => retryQuarantined(unit, mail));
        return { kind: 'done', message: { key: 'quarantine.retrying', params: {} } };
      },
    },
    readiness: async () => {
      // Asked of the database itself: the one thing without which nothing works.
      const answers = await store.conversations.byNumber(0).then(() => true, () => false);
      return { ready: answers, ...(!answers && { why: 'the database does not answer' }), mailboxes: intakes.states() };
    },
    linkCode: (agent) => linkCode(sign, agent, clock.now()),
    metrics: { read: () => metrics.read(), token: config.metricsToken },
    troubles: () => [...bridges.values()].flatMap((bridge) => bridge.troubles?.() ?? []),
    announcements: live,
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    secureCookies: config.publicUrl?.startsWith('https:') ?? false,
    trustProxy: config.trustProxy,
    demo: extras.demo,
  });
  const server = await listen(web.fetch, config);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  log.info({ host: config.host, port }, 'started');

  return {
    ...house,
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    inboundSmtpPort: intakes.smtpPort(),
    async stop() {
      log.info({}, 'stopping');
      stopping = true;
      await housekeeping.stop();
      // First whatever brings in new work, then what works it off, then what it stands on.
      await intakes.stop();
      for (const bridge of bridges.values()) await bridge.stop();
      live.close();
      await closeServer(server);
      await jobs.stop(STOP_GRACE_MS);
      mailer.close();
      await sentFolder.close();
      await settler.close();
      await house.close();
      log.info({}, 'stopped');
    },
  };
}

/** Whatever was waiting or under way when we last stopped goes on. */
async function wakeEverything({ store, desk }: House): Promise<void> {
  const lanes = await store.deliveries.openLanes();
  const mailboxes = (await desk()).mailboxes;
  const bulks = await store.bulks.underWay();
  await store.transaction(async (tx) => {
    for (const lane of lanes) await wakeLane({ tx }, lane, clock.now());
    for (const { id } of mailboxes) await wakeReceiver({ tx, now: clock.now() }, id);
    for (const { id } of bulks) await wakeBulk({ tx, now: clock.now() }, id);
    await wakeSearchIndex({ tx, now: clock.now() });
  });
}

async function keepHouse(store: Store): Promise<void> {
  const now = clock.now();
  await store.transaction(async (tx) => {
    await tx.sessions.removeExpired(now);
    await tx.bulks.forgetAsked(new Date(now.getTime() - REMEMBER_CALLS_MS));
    await tx.calls.forgetBefore(new Date(now.getTime() - REMEMBER_CALLS_MS));
    await tx.notices.forgetBefore(new Date(now.getTime() - REMEMBER_NOTICES_MS));
    await scheduleEmptySpam(tx, now);
  });
}
