import type { Delivery } from '../core/deliveries.js';
import { BridgeError } from '../core/errors.js';
import type { ConversationId, PostRef, RawMailId, ThreadRef } from '../core/ids.js';
import type { Channel, Conversation, Desk, Note } from '../core/model.js';
import { newestPinned } from '../core/pins.js';
import type { Post, PostFile } from '../core/post.js';
import { anewPost, cardPost, messagePost, movedPost, notePost, onwardPost, quarantinePost, shownFiles, type PostContext } from '../core/posts.js';
import { say } from '../core/language/say.js';
import type { Bridge, Posted, PostTarget } from '../core/ports/chat.js';
import type { Clock } from '../core/ports/effects.js';
import type { PostSubject, Store } from '../core/ports/store.js';
import type { EffectRunner } from './deliver.js';
import type { ReadContent } from './read-content.js';
import type { Unit } from './unit.js';

export interface ChatEffectNeeds {
  readonly store: Store;
  readonly desk: () => Promise<Desk>;
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly readContent: ReadContent;
  readonly clock: Clock;
  /** Without a trailing slash; undefined when the web desk cannot be reached from outside. */
  readonly publicUrl: string | undefined;
}

type ChatEffect<Kind extends Delivery['effect']['kind']> = Extract<Delivery['effect'], { kind: Kind }>;

/** What failed for a reason of the platform's is tried again until it works: cards catch up once a channel or token is back. */
const PERMANENT = ['invalid'] as const;

/** Posts the card that opens a thread, or brings it up to date. */
export function cardRunner(needs: ChatEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    permanent: PERMANENT,
    async run(delivery) {
      const place = await findPlace(needs, (delivery.effect as ChatEffect<'chat.card'>).conversationId);
      if (!place) return nothing;
      await ensureCard(needs, place, attemptOf(delivery));
      return async (unit) => saveRefs(unit, place);
    },
  };
}

/** Posts a mail into the thread, or brings its post up to date (delivery state, undo). */
export function messageRunner(needs: ChatEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    permanent: PERMANENT,
    async run(delivery) {
      const { conversationId, messageId } = delivery.effect as ChatEffect<'chat.message'>;
      const place = await findPlace(needs, conversationId);
      const message = await needs.store.messages.get(messageId);
      if (!place || !message) return nothing;
      const files = shownFiles(message.attachments).map((file) => ({ name: file.fileName, contentType: file.contentType, bytes: file.bytes, read: () => needs.readContent.attachment(file.id) }));
      return inThread(needs, place, attemptOf(delivery), { kind: 'message', id: messageId }, messagePost(message, files, place.context));
    },
  };
}

/** Posts a note into the thread, unless it was written there, or brings its post up to date. */
export function noteRunner(needs: ChatEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    permanent: PERMANENT,
    async run(delivery) {
      const { conversationId, noteId } = delivery.effect as ChatEffect<'chat.note'>;
      const place = await findPlace(needs, conversationId);
      const note = await needs.store.notes.get(noteId);
      if (!place || !note || note.via === place.channel.bridge) return nothing;
      return inThread(needs, place, attemptOf(delivery), { kind: 'note', id: noteId }, notePost(note, note.deletedAt ? [] : filesOf(note, needs), place.context));
    },
  };
}

function filesOf({ files }: Note, { readContent }: ChatEffectNeeds): readonly PostFile[] {
  return files.map(({ fileName, contentType, bytes, blob }) => ({ name: fileName, contentType, bytes, read: () => readContent.blob(blob) }));
}

/** Draws the card that a conversation left behind: where it is now. */
export function movedRunner(needs: ChatEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    // An old channel that is gone needs no word.
    permanent: ['invalid', 'gone', 'forbidden'],
    async run(delivery) {
      const { conversationId, channelId, threadRef, cardRef } = delivery.effect as ChatEffect<'chat.moved'>;
      const desk = await needs.desk();
      const channel = desk.channels.find(({ id }) => id === channelId);
      const conversation = await needs.store.conversations.get(conversationId);
      if (!channel || !conversation) return nothing;
      const place = desk.channels.find(({ id }) => id === conversation.channelId) ?? desk.folders.find(({ id }) => id === conversation.folderId);
      // Whoever is in the old channel may not know of a place that is for others.
      const named = place && !place.visibleTo ? place.name : say(desk.locale, 'fact.place-elsewhere');
      await bridgeOf(needs, channel).edit?.({ channel, thread: threadRef }, cardRef, movedPost(conversation, named, desk.locale, needs.publicUrl));
      return nothing;
    },
  };
}

/** Tells the mailbox's channel that a mail is held. */
export function quarantineRunner(needs: ChatEffectNeeds): EffectRunner {
  return {
    repeatable: true,
    permanent: PERMANENT,
    async run(delivery) {
      const raw = await needs.store.rawMails.get((delivery.effect as { rawMailId: RawMailId }).rawMailId);
      const desk = await needs.desk();
      const mailbox = desk.mailboxes.find(({ id }) => id === raw?.mailboxId);
      const channel = desk.channels.find(({ id }) => id === mailbox?.channel) ?? desk.channels[0];
      if (raw?.state !== 'quarantined' || !channel) return nothing;
      await bridgeOf(needs, channel).post({ channel, thread: undefined }, quarantinePost(raw, desk.locale, needs.publicUrl), delivery.id, delivery.tries > 0);
      return nothing;
    },
  };
}

interface Place {
  readonly conversation: Conversation;
  readonly channel: Channel;
  readonly bridge: Bridge;
  readonly context: PostContext;
  /** What was posted now, to be saved. */
  opened: Posted | undefined;
}

/** One try of a delivery, as bridges recognise it. */
interface Attempt {
  readonly key: string;
  readonly again: boolean;
}

const attemptOf = ({ id, tries }: Delivery): Attempt => ({ key: id, again: tries > 0 });

const nothing = async (): Promise<void> => {};

async function findPlace(needs: ChatEffectNeeds, id: ConversationId): Promise<Place | undefined> {
  const desk = await needs.desk();
  const conversation = await needs.store.conversations.get(id);
  const channel = desk.channels.find((known) => known.id === conversation?.channelId);
  if (!conversation || !channel) return undefined;
  const customer = await needs.store.customers.get(conversation.customerId);
  const messages = await needs.store.messages.of(conversation.id);
  const answering = await needs.store.presence.of(conversation.id, needs.clock.now());
  const pinned = newestPinned(await needs.store.notes.of(conversation.id));
  const earlier = await needs.store.conversations.countBefore(conversation.customerId, conversation.number);
  return { conversation, channel, bridge: bridgeOf(needs, channel), context: { conversation, customer, messages, answering, pinned, earlier, desk, now: needs.clock.now(), publicUrl: needs.publicUrl }, opened: undefined };
}

function bridgeOf(needs: ChatEffectNeeds, channel: Channel): Bridge {
  const bridge = needs.bridges.get(channel.bridge);
  if (!bridge) throw new BridgeError('unavailable', true, `The bridge ${channel.bridge} is not running; channel ${channel.id} waits for it.`);
  return bridge;
}

/** Where something of a conversation goes, with what stands there already. */
function targetIn(needs: ChatEffectNeeds, { conversation, channel, bridge, opened }: Place, thread: ThreadRef | undefined): PostTarget {
  const cards = [conversation.cardRef, opened?.post].filter((ref) => ref !== undefined);
  return { channel, thread, standing: async () => [...cards, ...(await needs.store.posts.shown(bridge.name, conversation.id))] };
}

async function ensureCard(needs: ChatEffectNeeds, place: Place, attempt: Attempt): Promise<void> {
  const { conversation, channel, bridge, context } = place;
  const post = cardPost(context);
  if (!conversation.cardRef || !conversation.threadRef) {
    place.opened = await bridge.post(targetIn(needs, place, undefined), post, `card:${conversation.id}:${attempt.key}`, attempt.again);
    return;
  }
  try {
    await bridge.edit?.({ channel, thread: conversation.threadRef }, conversation.cardRef, post);
  } catch (error) {
    if (!isGone(error)) throw error;
    await openAnew(needs, place, attempt);
  }
}

/** Somebody deleted the card or its thread on the platform: a new one takes its place, sums up what was said, and names the old one where it is still there. */
async function openAnew(needs: ChatEffectNeeds, place: Place, { key, again }: Attempt): Promise<void> {
  const { conversation, channel, bridge, context } = place;
  const former = conversation.threadRef && (await bridge.linkTo?.({ channel, thread: conversation.threadRef }));
  place.opened = await bridge.post(targetIn(needs, place, undefined), cardPost(context), `card:${conversation.id}:${key}:anew`, again);
  await bridge.post(targetIn(needs, place, place.opened.thread), anewPost(context, former), `summary:${conversation.id}:${key}`, again);
  if (former) await pointOnward(needs, place, { key, again });
}

/** Whoever still writes in the old thread is told where the conversation went: nobody reads it there any more. */
async function pointOnward(needs: ChatEffectNeeds, place: Place, { key, again }: Attempt): Promise<void> {
  const { conversation, channel, bridge, context, opened } = place;
  const onward = opened && (await bridge.linkTo?.({ channel, thread: opened.thread }));
  if (onward) await bridge.post(targetIn(needs, place, conversation.threadRef), onwardPost(context, onward), `onward:${conversation.id}:${key}`, again);
}

const isGone = (error: unknown): boolean => error instanceof BridgeError && error.fault === 'gone';

async function saveRefs(unit: Unit, { conversation, opened }: Place): Promise<void> {
  if (opened) await unit.tx.conversations.setRefs(conversation.id, { cardRef: opened.post, threadRef: opened.thread });
}

async function inThread(needs: ChatEffectNeeds, place: Place, attempt: Attempt, about: PostSubject, post: Post): Promise<(unit: Unit) => Promise<void>> {
  const { conversation, channel, bridge } = place;
  const known = await needs.store.posts.find(conversation.id, about);
  if (known && known.bridge === bridge.name && conversation.threadRef) {
    try {
      await bridge.edit?.({ channel, thread: conversation.threadRef }, known.ref, post);
      return nothing;
    } catch (error) {
      // The post was deleted, perhaps with its thread: it is posted once more.
      if (!isGone(error)) throw error;
    }
  }
  // The card comes first in every lane; it is missing only when a channel was added later.
  if (!conversation.threadRef) await ensureCard(needs, place, attempt);
  const thread = conversation.threadRef ?? place.opened?.thread;
  let posted: Posted;
  try {
    posted = await bridge.post(targetIn(needs, place, thread), post, attempt.key, attempt.again);
  } catch (error) {
    if (!isGone(error) || thread === undefined) throw error;
    await openAnew(needs, place, attempt);
    posted = await bridge.post(targetIn(needs, place, place.opened?.thread), post, attempt.key, attempt.again);
  }
  return async (unit) => {
    await saveRefs(unit, place);
    await rememberPost(unit, bridge.name, posted.post, conversation.id, about);
  };
}

async function rememberPost(unit: Unit, bridge: string, ref: PostRef, conversationId: ConversationId, about: PostSubject): Promise<void> {
  await unit.tx.posts.save({ bridge, ref, conversationId, about });
}
