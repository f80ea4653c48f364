import type { FC } from 'hono/jsx';
import { assetUrl } from '../assets.js';

export type IconName =
  | 'bounce' | 'check' | 'clip' | 'clock' | 'dot' | 'down' | 'flag' | 'folder' | 'half' | 'hash' | 'image' | 'in' | 'inbox' | 'left' | 'lock' | 'mail' | 'moon' | 'more' | 'out'
  | 'pencil' | 'question' | 'rule' | 'search' | 'shield' | 'sliders' | 'sort' | 'template' | 'trash' | 'undo' | 'unread' | 'user' | 'users' | 'warn' | 'x' | 'merge' | 'eye' | 'power';

/** Decoration: the word always stands beside it. */
export const Icon: FC<{ name: IconName }> = ({ name }) => (
  <svg class="i" aria-hidden="true"><use href={`${assetUrl('sprite.svg')}#i-${name}`} /></svg>
);

export const Mark: FC = () => (
  <svg class="mark" aria-hidden="true"><use href={`${assetUrl('sprite.svg')}#mark`} /></svg>
);
