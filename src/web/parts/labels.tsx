import type { FC } from 'hono/jsx';
import type { Conversation, Desk } from '../../core/model.js';

/** A dot of the label's colour beside its word. */
export const LabelDots: FC<{ desk: Desk; labels: Conversation['labels']; most?: number }> = ({ desk, labels, most }) => (
  <>
    {desk.labels.filter(({ id }) => labels.includes(id)).slice(0, most).map(({ name, colour }) => <span class={`label label--${colour}`}>{name}</span>)}
  </>
);
