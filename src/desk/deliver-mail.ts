import type { Delivery } from '../core/deliveries.js';
import type { MessageId } from '../core/ids.js';
import { EffectError } from '../core/errors.js';
import type { Conversation, Mailbox, Message, Problem, RawMail } from '../core/model.js';
import type { ComposeMail, FileCopy, FindInSent, SendMail, SettleOnServer, SortSpamOnServer } from '../core/ports/mail.js';
import type { Store } from '../core/ports/store.js';
import type { EffectRunner } from './deliver.js';
import type { Desk } from '../core/model.js';
import { addHistory, BY_GONIEC, change, queueCopy, showMessage, type Happening, type Unit } from './unit.js';

export interface MailEffectNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly compose: ComposeMail;
  readonly send: SendMail;
  readonly fileCopy: FileCopy;
  readonly findInSent: FindInSent;
  readonly settleOnServer: SettleOnServer;
  readonly sortSpamOnServer: SortSpamOnServer;
}

/** From this many failed tries on (about half a minute) the card says that an answer still waits (C06). */
const TELL_AFTER_TRIES = 4;

type MailEffect<Kind extends Delivery['effect']['kind']> = Extract<Delivery['effect'], { kind: Kind }>;

/** Sends an answer: once. */
export function sendRunner(needs: MailEffectNeeds): EffectRunner {
  const messageIdOf = (delivery: Delivery): MessageId => (delivery.effect as MailEffect<'mail.send'>).messageId;

  const sent = (message: Message, mailbox: Mailbox, refused: Awaited<ReturnType<SendMail>>['refused']) => async (unit: Unit): Promise<void> => {
    const address = refused.map((recipient) => recipient.address).join(', ');
    // Taken for some and refused for others: as if it had come back for those.
    const problem = refused.length > 0 ? { key: 'problem.some-refused', params: { address }, detail: refused.map(({ response }) => response).join('\n') } : undefined;
    await unit.tx.messages.update(message.id, { state: problem ? 'bounced' : 'sent', problem, sentAt: unit.now });
    await (problem ? mark(unit, message, { what: 'bounced', actor: BY_GONIEC, data: { recipient: address, status: '', final: 'true' } }) : mark(unit, message));
    await queueCopy(unit, { mailboxId: mailbox.id }, message.id);
  };

  return {
    repeatable: false,
    permanent: ['invalid', 'gone'],
    async begin(unit, delivery) {
      const message = await unit.tx.messages.get(messageIdOf(delivery));
      if (message?.state !== 'queued') return false;
      await unit.tx.messages.update(message.id, { state: 'sending' });
      return true;
    },
    async run(delivery) {
      const { message, mailbox } = await load(needs, messageIdOf(delivery));
      // Whatever goes wrong while composing happened before anything left.
      const mail = await needs.compose(mailbox, message).catch((cause: unknown) => {
        if (cause instanceof EffectError) throw cause;
        throw new EffectError('unavailable', true, `The mail could not be put together: ${cause instanceof Error ? cause.message : String(cause)}`, undefined, { cause });
      });
      const { refused } = await needs.send(mailbox, mail);
      return sent(message, mailbox, refused);
    },
    async failed(unit, delivery, error, next) {
      const message = await unit.tx.messages.get(messageIdOf(delivery));
      if (!message) return;
      const problem = next === 'uncertain' ? { key: 'problem.line-broke', params: {}, detail: error.message } : problemOf(error, message);
      const tell = next !== 'retry' || delivery.tries === TELL_AFTER_TRIES;
      await unit.tx.messages.update(message.id, { state: next === 'retry' ? 'queued' : next, problem: next !== 'retry' || delivery.tries >= TELL_AFTER_TRIES ? problem : message.problem });
      if (next === 'failed') await mark(unit, message, { what: 'send-failed', actor: BY_GONIEC, data: { address: message.to[0]?.address ?? '' } });
      else if (next === 'uncertain') await mark(unit, message, { what: 'send-uncertain', actor: BY_GONIEC, data: { address: message.to[0]?.address ?? '' } });
      else if (tell) await mark(unit, message);
    },
    async wasDone(delivery) {
      const { message, mailbox } = await load(needs, messageIdOf(delivery));
      if (!message.headerId || !mailbox.imap) return undefined;
      return (await needs.findInSent(mailbox, message.headerId)) ? sent(message, mailbox, []) : undefined;
    },
  };
}

/** Shows the new state on the card and in the thread; a failure hands the turn back to the team. */
async function mark(unit: Unit, message: Message, happening?: Happening): Promise<void> {
  const conversation = await unit.tx.conversations.get(message.conversationId);
  if (!conversation) return;
  const backToUs = happening && !message.automatic && conversation.status === 'pending';
  const saved = await change(unit, conversation, backToUs ? { status: 'open' } : {}, ...(happening ? [happening] : []));
  await showMessage(unit, saved, message.id);
}

/** A copy in the Sent folder: a delivery of its own, so that its failure can never send the mail again (C08). */
export function copyRunner(needs: MailEffectNeeds): EffectRunner {
  const messageIdOf = (delivery: Delivery): MessageId => (delivery.effect as MailEffect<'mail.copy'>).messageId;
  return {
    // The folder is searched for the Message-ID first.
    repeatable: true,
    permanent: ['invalid', 'gone'],
    async run(delivery) {
      const { message, mailbox } = await load(needs, messageIdOf(delivery));
      if (message.headerId) await needs.fileCopy(mailbox, await needs.compose(mailbox, message), message.headerId);
      return async () => {};
    },
    async failed(unit, delivery, error, next) {
      if (next === 'retry') return;
      const message = await unit.tx.messages.get(messageIdOf(delivery));
      if (message) await mark(unit, message, { what: 'copy-failed', actor: BY_GONIEC, data: { detail: error.message } });
    },
  };
}

/** Marks seen or moves on the server what is stored here. */
export function afterIntakeRunner(needs: MailEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    permanent: ['invalid', 'gone'],
    async run(delivery) {
      const raw = await needs.store.rawMails.get((delivery.effect as MailEffect<'mail.after-intake'>).rawMailId);
      const mailbox = raw && (await needs.desk()).mailboxes.find(({ id }) => id === raw.mailboxId);
      const moved = raw?.place && mailbox && (await needs.settleOnServer(mailbox, raw));
      return async (unit) => {
        if (moved) await unit.tx.rawMails.moved(raw.id, moved);
      };
    },
  };
}

/** Puts a mail on the server where its conversation says now: said spam and not spam in a row, it stays where it is. */
export function spamFolderRunner(needs: MailEffectNeeds): EffectRunner {
  const find = async (store: Pick<Store, 'rawMails' | 'messages' | 'conversations'>, delivery: Delivery): Promise<{ raw: RawMail; message: Message; conversation: Conversation } | undefined> => {
    const raw = await store.rawMails.get((delivery.effect as MailEffect<'mail.spam'>).rawMailId);
    const message = raw?.messageId && (await store.messages.get(raw.messageId));
    const conversation = message && (await store.conversations.get(message.conversationId));
    return conversation && { raw, message, conversation };
  };
  return {
    repeatable: true,
    permanent: ['invalid', 'gone'],
    async run(delivery) {
      const found = await find(needs.store, delivery);
      const mailbox = found && (await needs.desk()).mailboxes.find(({ id }) => id === found.raw.mailboxId);
      const moved = mailbox && (await needs.sortSpamOnServer(mailbox, found.raw, found.message.headerId, found.conversation.status === 'spam'));
      return async (unit) => {
        if (moved) await unit.tx.rawMails.moved(found.raw.id, moved);
      };
    },
    async failed(unit, delivery, error, next) {
      const found = next === 'retry' ? undefined : await find(unit.tx, delivery);
      if (found) await addHistory(unit, found.conversation, [{ what: 'spam-not-moved', actor: BY_GONIEC, data: { detail: error.message } }]);
    },
  };
}

async function load(needs: MailEffectNeeds, id: MessageId): Promise<{ message: Message; mailbox: Mailbox }> {
  const message = await needs.store.messages.get(id);
  const conversation = message && (await needs.store.conversations.get(message.conversationId));
  const mailbox = conversation && (await needs.desk()).mailboxes.find((known) => known.id === conversation.mailboxId);
  if (!message || !mailbox) throw new EffectError('invalid', true, 'The mailbox that this answer was to leave from is no longer on the desk.');
  return { message, mailbox };
}

function problemOf(error: EffectError, message: Message): Problem {
  const address = message.to.map((recipient) => recipient.address).join(', ');
  const detail = error.message;
  switch (error.fault) {
    case 'forbidden':
      return { key: 'problem.auth', params: {}, detail };
    case 'rate-limited':
      return { key: 'problem.rate-limited', params: {}, detail };
    case 'unavailable':
      return { key: 'problem.smtp-down', params: {}, detail };
    case 'gone':
      return { key: 'problem.no-such-mailbox', params: { address }, detail };
    case 'invalid':
      return { key: 'problem.refused', params: { address }, detail };
  }
}
