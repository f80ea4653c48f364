import type { ConversationId } from '../core/ids.js';
import type { Channel, Conversation, Folder, Mailbox } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { chatLane } from '../core/deliveries.js';
import { findByName } from './triage.js';
import { byActor, change, loadConversation, queueDelivery, showMessage, showNote, type Happening, type StaffUnit } from './unit.js';

type Place = { readonly channel: Channel; readonly folder?: undefined } | { readonly folder: Folder; readonly channel?: undefined };
export interface Moved {
  readonly conversation: Conversation;
  readonly place: Channel | Folder | Mailbox;
  /** It was there before. */
  readonly already: boolean;
}

/** Takes the conversation to another channel, where it gets a card and a thread of its own, files it in a folder without one, or gives it to another mailbox, from which it is answered from then on. */
export async function move(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<Moved> {
  const conversation = await loadConversation(unit, conversationId);
  const { channels, folders, mailboxes } = unit.desk;
  const channel = findByName(channels, said);
  if (channel) return put(unit, conversation, { channel }, 'moved');
  const folder = findByName(folders, said);
  if (folder) return put(unit, conversation, { folder }, 'moved');
  const mailbox = mailboxes.find(({ address }) => address === said.trim().toLowerCase()) ?? findByName(mailboxes, said);
  if (mailbox) return give(unit, conversation, mailbox);
  throw new Refusal('refused.no-such-place', { said, names: [...[...channels, ...folders].map(({ name }) => name), ...mailboxes.map(({ address }) => address)].join(', ') });
}

/** To the channel of that mailbox; what is filed, or would go where the person does not see, stays where it is. */
async function give(unit: StaffUnit, conversation: Conversation, mailbox: Mailbox): Promise<Moved> {
  if (conversation.mailboxId === mailbox.id) return { conversation, place: mailbox, already: true };
  const { channels, folders } = unit.desk;
  const home = conversation.folderId ? undefined : (channels.find(({ id }) => id === mailbox.channel) ?? channels.find(({ id }) => id === conversation.channelId));
  const folder = folders.find(({ id }) => id === conversation.folderId);
  if (home) return put(unit, conversation, { channel: home }, 'moved', mailbox);
  if (folder) return put(unit, conversation, { folder }, 'moved', mailbox);
  throw new Refusal('refused.no-way-back', { number: conversation.number });
}

/** Files it where mail lies that needs no answer. */
export async function fileUnder(unit: StaffUnit, conversationId: ConversationId | undefined, said: string): Promise<Moved> {
  const conversation = await loadConversation(unit, conversationId);
  const { folders } = unit.desk;
  const folder = findByName(folders, said);
  if (!folder) throw folders.length > 0 ? new Refusal('refused.no-such-folder', { said, names: folders.map(({ name }) => name).join(', ') }) : new Refusal('refused.no-folders');
  return put(unit, conversation, { folder }, 'filed');
}

/** Back to the channel where it was before it was filed; where it never was in one, to that of its mailbox. */
export async function takeOut(unit: StaffUnit, conversationId: ConversationId | undefined): Promise<Moved> {
  const conversation = await loadConversation(unit, conversationId);
  if (!conversation.folderId) throw new Refusal('refused.not-filed', { number: conversation.number });
  const places = (await unit.tx.events.of(conversation.id)).map(({ data }) => data['place']);
  const home = unit.desk.mailboxes.find(({ id }) => id === conversation.mailboxId)?.channel;
  const before = places.findLast((place) => unit.desk.channels.some(({ id }) => id === place)) ?? home;
  const channel = unit.desk.channels.find(({ id }) => id === before);
  if (!channel) throw new Refusal('refused.no-way-back', { number: conversation.number });
  return put(unit, conversation, { channel }, 'moved');
}

async function put(unit: StaffUnit, conversation: Conversation, { channel, folder }: Place, what: Extract<Happening['what'], 'moved' | 'filed'>, mailbox?: Mailbox): Promise<Moved> {
  const place = channel ?? folder;
  const stays = conversation.channelId === channel?.id && conversation.folderId === folder?.id;
  if (stays && !mailbox) return { conversation, place, already: true };
  const saved = await change(
    unit, conversation,
    {
      channelId: channel?.id, folderId: folder?.id, ...(mailbox && { mailboxId: mailbox.id }),
      waitingSince: folder ? undefined : (conversation.waitingSince ?? (conversation.status === 'open' ? unit.now : undefined)),
    },
    { what, actor: byActor(unit), data: { place: place.id, ...(mailbox && { mailbox: mailbox.address, verdict: 'mailbox' }) } },
  );
  if (!stays) await moveThread(unit, conversation, saved);
  return { conversation: saved, place: mailbox ?? place, already: false };
}

/** The old thread says where it went on; the new one begins with all that was said. */
async function moveThread(unit: StaffUnit, { channelId, threadRef, cardRef }: Conversation, saved: Conversation): Promise<void> {
  if (channelId && threadRef && cardRef) {
    await queueDelivery(unit, { lane: chatLane(saved.id), effect: { kind: 'chat.moved', conversationId: saved.id, channelId, threadRef, cardRef } });
    await unit.tx.conversations.setRefs(saved.id, { threadRef: undefined, cardRef: undefined });
    await unit.tx.posts.forgetShown(saved.id);
  }
  for (const message of await unit.tx.messages.of(saved.id)) await showMessage(unit, saved, message.id);
  for (const note of await unit.tx.notes.of(saved.id)) await showNote(unit, saved, note.id);
}
