/** Watches the desk's mailboxes, and follows changes of the desk: a mailbox whose settings changed is watched anew. */
import { readFile } from 'node:fs/promises';

import type { Config } from './config.js';
import type { MailboxId } from './core/ids.js';
import type { Desk, Mailbox } from './core/model.js';
import type { Clock, Log } from './core/ports/effects.js';
import type { Intake } from './core/ports/intake.js';
import type { Ownership } from './core/ports/ownership.js';
import type { Store } from './core/ports/store.js';
import type { CurrentDesk } from './desk/current-desk.js';
import { watchMailbox, type Watch } from './mail/imap-watch.js';
import { startInboundSmtp, type InboundSmtp } from './mail/smtp-inbound.js';
import type { Metrics } from './metrics.js';

/** How soon a node takes over what another one no longer watches. */
const LOOK_AGAIN_MS = 5_000;

export interface IntakeNeeds {
  readonly config: Pick<Config, 'inboundSmtp'>;
  readonly store: Store;
  readonly desk: CurrentDesk;
  readonly intake: Intake;
  /** Of several nodes one watches a mailbox. */
  readonly ownership: Ownership;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'onState' | 'onLook' | 'forget'>;
}

export interface Intakes {
  /** What goes on in each folder, by `mailbox/folder`; 'elsewhere': another node watches it. */
  states(): Readonly<Record<string, string>>;
  smtpPort(): number | undefined;
  stop(): Promise<void>;
}

/** @throws the socket's error when inbound SMTP cannot listen */
export async function startIntakes({ config, store, desk, intake, ownership, clock, log, metrics }: IntakeNeeds): Promise<Intakes> {
  const watches = new Map<MailboxId, { readonly settings: string; readonly watch: Watch }>();
  const states: Record<string, string> = {};
  let smtp: InboundSmtp | undefined;

  const follow = async (current: Desk): Promise<void> => {
    const wanted = new Map(current.mailboxes.filter(({ kind }) => kind === 'imap').map((mailbox) => [mailbox.id, mailbox]));
    for (const [id, { settings, watch }] of watches) {
      const mailbox = wanted.get(id);
      if (mailbox && settings === JSON.stringify(mailbox)) continue;
      await watch.stop();
      watches.delete(id);
      metrics.forget(id);
      if (!mailbox) await ownership.disown(id);
    }
    for (const key of Object.keys(states)) if (!watches.has(key.slice(0, key.indexOf('/')) as MailboxId)) delete states[key];
    for (const mailbox of wanted.values()) {
      if (watches.has(mailbox.id)) continue;
      if (!(await ownership.own(mailbox.id))) {
        for (const folder of mailbox.imap?.folders ?? []) states[`${mailbox.id}/${folder}`] = 'elsewhere';
        continue;
      }
      watches.set(mailbox.id, { settings: JSON.stringify(mailbox), watch: watch(mailbox) });
    }
    if (!smtp && current.mailboxes.some(({ kind }) => kind === 'smtp')) smtp = await listenSmtp();
  };
  const watch = (mailbox: Mailbox): Watch =>
    watchMailbox({
      mailbox, intake, clock, log,
      onState(folder, state) {
        states[`${mailbox.id}/${folder}`] = state.state;
        metrics.onState(mailbox.id, folder, state);
      },
      onLook: (folder) => metrics.onLook(mailbox.id, folder),
    });
  const listenSmtp = async (): Promise<InboundSmtp> =>
    startInboundSmtp({
      host: config.inboundSmtp.host,
      port: config.inboundSmtp.port,
      mailboxes: () => desk.last().mailboxes,
      intake,
      maxBytes: Math.max(...desk.last().mailboxes.map(({ maxMailBytes }) => maxMailBytes)),
      tls: config.inboundSmtp.tls && { key: await readFile(config.inboundSmtp.tls.key, 'utf8'), cert: await readFile(config.inboundSmtp.tls.certificate, 'utf8') },
      clock,
      log,
    });

  await follow(await desk());
  let following = Promise.resolve();
  const inTurn = (work: () => Promise<void>): void => {
    following = following.then(work).catch((error: unknown) => log.error({ error }, 'follow-desk-failed'));
  };
  const followAgain = async (): Promise<void> => follow(await desk());
  const stopFollowing = store.onChange(({ desk: changed }) => {
    if (changed) inTurn(followAgain);
  });
  const lookAgain = setInterval(() => {
    if (Object.values(states).includes('elsewhere')) inTurn(followAgain);
  }, LOOK_AGAIN_MS);
  const stopWatching = async (): Promise<void> => {
    await Promise.all([...watches.values()].map((known) => known.watch.stop()));
    for (const id of watches.keys()) await ownership.disown(id);
    watches.clear();
  };
  const stopListening = ownership.onLost(() => {
    log.warn({}, 'mailboxes-given-up');
    inTurn(stopWatching);
    inTurn(followAgain);
  });
  return {
    states: () => states,
    smtpPort: () => smtp?.port,
    async stop() {
      stopFollowing();
      stopListening();
      clearInterval(lookAgain);
      await following;
      await stopWatching();
      await smtp?.stop();
    },
  };
}
