import type { FC } from 'hono/jsx';
import { placeParam } from '../place.js';
import type { Reader } from '../reader.js';
import type { Undoable } from '../views/conversation-view.js';
import { ARG, UNDO } from '../verbs.js';
import { Hidden, type FormFacts } from './form.js';
import { Icon } from './icon.js';

type UndoFacts = Pick<FormFacts, 'csrf' | 'place' | 'once'> & { readonly undoable: readonly Undoable[]; readonly total: (message: Undoable) => number };

/** Answers that are about to leave. It follows the agent to whatever they do next; it is announced once, not every second. */
export const UndoBar: FC<{ reader: Reader; facts: UndoFacts; id?: 'undo' | 'undo-list'; oob?: boolean }> = ({ reader, facts, id = 'undo', oob }) => (
  <div class="undo-slot" id={id} hx-swap-oob={oob ? 'true' : undefined} hx-get={id === 'undo' ? '/parts/undo' : undefined} hx-trigger="undochanged from:body" hx-swap="none">
    {facts.undoable.map((entry) => <OneUndo reader={reader} facts={facts} entry={entry} slot={id} />)}
  </div>
);

const OneUndo: FC<{ reader: Reader; facts: UndoFacts; entry: Undoable; slot: string }> = ({ reader, facts, entry, slot }) => {
  const { message, number } = entry;
  const leftMs = Math.max(0, (message.sendAt?.getTime() ?? 0) - reader.now.getTime());
  const total = Math.max(1, facts.total(entry));
  const seconds = Math.ceil(leftMs / 1000);
  const to = message.to.map(({ address }) => address).join(', ');
  const action = `/c/${number}/do/${UNDO}`;
  return (
    <form class="undo" method="post" action={action} hx-post={action} hx-swap="none" data-left={leftMs} data-total={total * 1000}>
      <Hidden name="_csrf" value={facts.csrf} />
      <Hidden name="in" value={placeParam(facts.place)} />
      <Hidden name="once" value={`${facts.once}-undo-${message.id}`} />
      <Hidden name={ARG.message} value={message.id} />
      <svg class="ring" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8" /><circle class="ring__left" cx="10" cy="10" r="8" pathLength={total} stroke-dasharray={`${seconds} ${total}`} /></svg>
      <p class="undo__t" role="status"><span class="vh">{reader.say('undo-bar.waiting', { to })}</span><span aria-hidden="true"><b class="undo__s">{reader.say('undo-bar.countdown', { seconds })}</b> {reader.say('undo-bar.until', { to })}</span></p>
      <button class="btn btn--s" type="submit" id={`${slot}-back-${message.id}`}><Icon name="undo" />{reader.say('button.undo')}</button>
      <button class="btn btn--s" type="submit" name="edit" value="yes" id={`${slot}-edit-${message.id}`}><Icon name="pencil" />{reader.say('button.edit')}</button>
    </form>
  );
};
