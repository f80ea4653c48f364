import type { FC } from 'hono/jsx';
import type { Conversation, Message } from '../../core/model.js';
import { Icon, type IconName } from './icon.js';
import type { Reader } from '../reader.js';

const MAIL_ICONS: Readonly<Record<Message['state'], IconName>> = {
  received: 'check', draft: 'pencil', awaiting: 'question', queued: 'clock', sending: 'out', sent: 'check', failed: 'x', uncertain: 'question', bounced: 'bounce', cancelled: 'undo',
};

/** Delivery of a mail: icon and word, and only then a colour. */
export const MailState: FC<{ reader: Reader; message: Pick<Message, 'state'> }> = ({ reader, message: { state } }) => (
  <span class={`state state--${state}`}><Icon name={MAIL_ICONS[state]} />{reader.say(`state.${state}`)}</span>
);

/** A customer wrote and nobody has taken it yet. */
export const isFresh = (conversation: Pick<Conversation, 'status' | 'waitingSince' | 'assigneeId'>): boolean =>
  conversation.status === 'open' && conversation.waitingSince !== undefined && conversation.assigneeId === undefined;

export function statusIcon(conversation: Pick<Conversation, 'status' | 'waitingSince' | 'assigneeId'>): IconName {
  if (conversation.status === 'open') return isFresh(conversation) ? 'unread' : 'dot';
  return ({ pending: 'half', snoozed: 'moon', closed: 'check', spam: 'trash' } as const)[conversation.status];
}

export const StatusPill: FC<{ reader: Reader; conversation: Conversation }> = ({ reader, conversation }) => (
  <span class={`pill${conversation.status === 'open' ? ' pill--open' : ''}`}>
    <Icon name={statusIcon(conversation)} />
    {reader.say(isFresh(conversation) ? 'status.open-new' : `status.${conversation.status}`)}
  </span>
);
