/**
 * A whole desk without its outer doors: real SQLite database and blobs in a temporary folder, real parser, composer and SMTP client, a recording chat bridge and an SMTP sink. Jobs run when a
 * test says so, with a clock that the test moves, so that nothing has to be waited for.
 */
import { join } from 'node:path';

import type { BridgeNeeds } from '../../src/bridges/definition.js';
import { createDoor } from '../../src/commands/door.js';
import { createPerform, type Perform } from '../../src/commands/perform.js';
import type { CommandOutcome } from '../../src/core/calls.js';
import type { AgentId, ConversationId, MessageId } from '../../src/core/ids.js';
import type { Conversation, Desk, Message } from '../../src/core/model.js';
import type { Bridge, ChatEvents } from '../../src/core/ports/chat.js';
import type { Store } from '../../src/core/ports/store.js';
import { followDesk } from '../../src/desk/current-desk.js';
import { createDeliverer } from '../../src/desk/deliver.js';
import { cardRunner, messageRunner, movedRunner, noteRunner, quarantineRunner } from '../../src/desk/deliver-chat.js';
import { afterIntakeRunner, copyRunner, sendRunner, spamFolderRunner, type MailEffectNeeds } from '../../src/desk/deliver-mail.js';
import { tellRunner } from '../../src/desk/deliver-tell.js';
import { createIntake } from '../../src/desk/keep-mail.js';
import { createContentReader } from '../../src/desk/read-content.js';
import { receiveMail } from '../../src/desk/receive-mail.js';
import { runTimer } from '../../src/desk/snooze.js';
import { createThreadFiles } from '../../src/desk/thread-files.js';
import { createComposer } from '../../src/mail/compose.js';
import { parseMail } from '../../src/mail/parse.js';
import { createMailer } from '../../src/mail/send.js';
import { re2Patterns } from '../../src/patterns/re2.js';
import { openBlobs, type BlobFolder } from '../../src/storage/blobs.js';
import { newId } from '../../src/storage/new-id.js';
import { openStore } from '../../src/storage/open.js';
import { openVault } from '../../src/storage/vault.js';
import { RecordingBridge } from './recording-bridge.js';
import { aDesk, NOON } from './samples.js';
import { quietLog } from './quiet-log.js';
import { startSmtpSink, type SmtpSink } from './smtp-sink.js';
import { tempFolder } from './temp-folder.js';

export interface DeskUnderTest {
  readonly store: Store;
  readonly desk: Desk;
  /** Takes what goes to the platform 'web'. */
  readonly bridge: RecordingBridge;
  /** What every platform hands on to. */
  readonly door: ChatEvents;
  readonly log: ReturnType<typeof quietLog>;
  readonly sink: SmtpSink;
  readonly folder: string;
  readonly blobs: BlobFolder;
  /** Replaces the way out, for faults that no server can be made to show. */
  readonly mail: { -readonly [Name in 'send' | 'fileCopy' | 'findInSent' | 'settleOnServer' | 'sortSpamOnServer']: MailEffectNeeds[Name] };
  now(): Date;
  /** Moves the clock. */
  pass(ms: number): void;
  /** Takes a mail in and works off everything that is due. */
  receive(raw: string | Uint8Array, how?: { readonly mailbox?: string; readonly recipients?: readonly string[]; readonly historic?: boolean; readonly place?: { folder: string; uidValidity: number; uid: number }; readonly reread?: boolean }): Promise<void>;
  /** Only keeps it, as intake does. */
  keep(raw: string | Uint8Array, how?: Parameters<DeskUnderTest['receive']>[1]): Promise<void>;
  /** Works off what is due: receives, posts, sends. */
  settle(): Promise<void>;
  /** Runs a timer as at its time, such as `due:<conversation>`. */
  timer(payload: string): Promise<void>;
  /** A deliverer that knows nothing of the last one, as after a restart. */
  restartDeliveries(): void;
  readonly perform: Perform;
  say(agent: string, verb: string, number: number | undefined, args?: Readonly<Record<string, string>>, revision?: number): Promise<CommandOutcome>;
  conversation(number: number): Promise<Conversation>;
  messages(number: number): Promise<readonly Message[]>;
  message(id: MessageId): Promise<Message>;
  close(): Promise<void>;
}

/** @param makeBridge a real bridge beside the recording one; it is started with the desk and stopped with it */
export async function openDesk(over: Partial<Desk> = {}, makeBridge?: (needs: Pick<BridgeNeeds, 'clock' | 'log' | 'newId' | 'desk'>) => Bridge): Promise<DeskUnderTest> {
  const temp = tempFolder('desk');
  const log = quietLog();
  const vault = openVault('test secret, long enough for the vault');
  const blobs = openBlobs(join(temp.path, 'blobs'));
  let time = NOON.getTime();
  const clock = { now: () => new Date(time) };
  const { store } = await openStore({ databaseUrl: `file:${join(temp.path, 'goniec.db')}`, vault, log, newId, clock });
  const sink = await startSmtpSink();
  const desk = aDesk(over);
  const wanted: Desk = { ...desk, mailboxes: desk.mailboxes.map((mailbox) => ({ ...mailbox, smtp: mailbox.smtp && { ...mailbox.smtp, port: sink.port } })) };
  await store.transaction((tx) => tx.desk.save(wanted));
  const current = await followDesk(store, () => {});
  const common = { store, desk: current, clock, newId, sign: (text: string) => vault.sign(text), log };
  const bridge = new RecordingBridge();
  const platform = makeBridge?.({ clock, log, newId, desk: current.last });
  const mailer = createMailer({ log });
  const mail: DeskUnderTest['mail'] = { send: mailer.send, fileCopy: async () => {}, findInSent: async () => undefined, settleOnServer: async () => undefined, sortSpamOnServer: async () => undefined };
  const mailEffects: MailEffectNeeds = {
    store, desk: current, compose: createComposer({ readBlob: (hash) => blobs.get(hash), sign: common.sign }),
    send: (...args) => mail.send(...args), fileCopy: (...args) => mail.fileCopy(...args), findInSent: (...args) => mail.findInSent(...args), settleOnServer: (...args) => mail.settleOnServer(...args), sortSpamOnServer: (...args) => mail.sortSpamOnServer(...args),
  };
  const chatEffects = { store, desk: current, bridges: new Map<string, Bridge>([bridge, ...(platform ? [platform] : [])].map((one) => [one.name, one])), readContent: createContentReader({ store, blobs, readMail: parseMail }), clock, publicUrl: 'https://desk.example' };
  const makeDeliverer = (): ((lane: string) => Promise<void>) =>
    createDeliverer({
      ...common, random: () => 0.5,
      runners: {
        'chat.card': cardRunner(chatEffects), 'chat.message': messageRunner(chatEffects), 'chat.note': noteRunner(chatEffects), 'chat.moved': movedRunner(chatEffects), 'chat.tell': tellRunner(chatEffects), 'chat.quarantine': quarantineRunner(chatEffects),
        'mail.send': sendRunner(mailEffects), 'mail.copy': copyRunner(mailEffects), 'mail.after-intake': afterIntakeRunner(mailEffects), 'mail.spam': spamFolderRunner(mailEffects),
      },
    });
  let deliver = makeDeliverer();
  const perform = createPerform({ ...common, threadFiles: createThreadFiles({ store, blobs, content: createContentReader({ store, blobs, readMail: parseMail }) }) });
  const door = createDoor({ ...common, blobs, perform, publicUrl: 'https://desk.example' });
  const intake = createIntake({ ...common, blobs, peekHeaders: async () => ({ subject: 'too large', sender: 'big@customer.example' }) });
  const readMail = parseMail;

  const keep: DeskUnderTest['keep'] = async (raw, how = {}) => {
    const mailbox = wanted.mailboxes.find(({ id }) => id === (how.mailbox ?? wanted.mailboxes[0]?.id));
    if (!mailbox) throw new Error(`no mailbox ${how.mailbox ?? ''}`);
    const bytes = typeof raw === 'string' ? Buffer.from(raw.replace(/\r?\n/g, '\r\n')) : raw;
    await intake.keep(mailbox, [{ source: how.place ? 'imap' : 'smtp', place: how.place, raw: bytes, headers: undefined, bytes: bytes.byteLength, recipients: how.recipients ?? [mailbox.address], receivedAt: clock.now(), historic: how.historic ?? false, reread: how.reread ?? false }], undefined);
  };
  const settle = async (): Promise<void> => {
    for (const { id } of wanted.mailboxes) await receiveMail({ ...common, blobs, readMail, patterns: re2Patterns() }, id);
    // A delivery may queue others (a copy after a send): again until nothing that is due is left.
    for (let round = 0; round < 5; round += 1) for (const lane of await store.deliveries.openLanes()) await deliver(lane);
  };
  const conversation: DeskUnderTest['conversation'] = async (number) => {
    const found = await store.conversations.byNumber(number);
    if (!found) throw new Error(`no conversation #${number}`);
    return found;
  };

  await platform?.start(door);

  return {
    store, perform, desk: wanted, bridge, door, log, sink, folder: temp.path, blobs, mail, keep, settle, conversation, timer: (payload) => runTimer(common, payload),
    now: clock.now,
    pass(ms) {
      time += ms;
    },
    async receive(raw, how) {
      await keep(raw, how);
      await settle();
      time += 1_000;
    },
    restartDeliveries() {
      deliver = makeDeliverer();
    },
    async say(agent, verb, number, args = {}, revision) {
      const conversationId: ConversationId | undefined = number === undefined ? undefined : (await conversation(number)).id;
      return perform({ verb, args, actor: agent as AgentId, via: 'web', conversationId, revision, eventId: undefined });
    },
    messages: async (number) => store.messages.of((await conversation(number)).id),
    async message(id) {
      const found = await store.messages.get(id);
      if (!found) throw new Error(`no message ${id}`);
      return found;
    },
    async close() {
      await platform?.stop();
      mailer.close();
      current.stop();
      await store.close();
      await blobs.close();
      await sink.stop();
      await temp.remove();
    },
  };
}

/** A small mail from a customer; headers first, then the text. */
export function mailFrom(from: string, subject: string, text: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { From: from, To: 'Shop <shop@desk.example>', Subject: subject, 'Message-ID': `<${Math.random().toString(36).slice(2)}@customer.example>`, Date: 'Fri, 20 Nov 2026 12:00:00 +0000', 'MIME-Version': '1.0', 'Content-Type': 'text/plain; charset=utf-8', ...headers };
  return `${Object.entries(all).map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${text}\r\n`;
}
