import type { FC } from 'hono/jsx';
import type { CommandOutcome } from '../../core/calls.js';
import type { ToHtml } from '../deps.js';
import { placeParam, type Place } from '../place.js';
import type { Reader } from '../reader.js';
import type { ConversationView, Undoable } from '../views/conversation-view.js';
import { Composer, type Draft } from './composer.js';
import { ConversationHead } from './conversation-head.js';
import type { FormFacts } from './form.js';
import { Mark } from './icon.js';
import { Presence } from './presence.js';
import { Said, type Saying } from './said.js';
import { StaleBar } from './stale-bar.js';
import { Thread } from './thread.js';
import { UndoBar } from './undo-bar.js';

export interface PaneFacts {
  readonly reader: Reader;
  readonly view: ConversationView;
  readonly forms: FormFacts;
  readonly draft: Draft;
  readonly preview: Extract<CommandOutcome, { kind: 'preview' }> | undefined;
  readonly saying: Saying | undefined;
  readonly toHtml: ToHtml;
  readonly mayWork: boolean;
}

/** The right pane: one conversation. */
export const ConversationPane: FC<PaneFacts> = (facts) => {
  const { reader, view, forms } = facts;
  return (
    <section class="conv" id="conversation" aria-labelledby="subject" data-id={view.conversation.id} data-number={view.conversation.number} data-in={placeParam(forms.place)}>
      <ConversationHead reader={reader} view={view} forms={forms} mayWork={facts.mayWork} />
      <div class="thread-wrap" tabindex={0} role="region" aria-label={reader.say('thread.entries')}>
        <Thread reader={reader} facts={facts} />
      </div>
      <Said reader={reader} saying={facts.saying} place={forms.place} forms={forms} />
      <UndoBar reader={reader} facts={undoFacts(forms, view)} />
      {facts.mayWork ? <Composer {...facts} /> : <p class="composer composer--none dim">{reader.say('web.composer.viewer')}</p>}
    </section>
  );
};

/** What changes when something happens; the composer stays as it is, unless `withComposer`. Swapped by id, wherever they stand. */
export const ConversationUpdate: FC<PaneFacts & { withComposer: boolean }> = (facts) => {
  const { reader, view, forms } = facts;
  return (
    <>
      <ConversationHead reader={reader} view={view} forms={forms} mayWork={facts.mayWork} oob />
      <Thread reader={reader} facts={facts} oob />
      <Said reader={reader} saying={facts.saying} place={forms.place} forms={forms} oob />
      <UndoBar reader={reader} facts={undoFacts(forms, view)} oob />
      {facts.withComposer ? <Composer {...facts} oob /> : facts.mayWork && <><Presence reader={reader} view={view} oob /><StaleBar reader={reader} desk={view.desk} newer={view.newer} number={forms.number} oob /></>}
    </>
  );
};

/** A colleague's change: everything but what was said to this agent. */
export const ConversationNews: FC<PaneFacts> = (facts) => {
  const { reader, view, forms } = facts;
  return (
    <>
      <ConversationHead reader={reader} view={view} forms={forms} mayWork={facts.mayWork} oob />
      <Thread reader={reader} facts={facts} oob />
      <UndoBar reader={reader} facts={undoFacts(forms, view)} oob />
      {facts.mayWork && <><Presence reader={reader} view={view} oob /><StaleBar reader={reader} desk={view.desk} newer={view.newer} number={forms.number} oob /></>}
    </>
  );
};

export function undoFacts(forms: Pick<FormFacts, 'csrf' | 'place' | 'once'>, view: Pick<ConversationView, 'undoable' | 'desk'>): Parameters<typeof UndoBar>[0]['facts'] {
  const seconds = ({ message }: Undoable): number => view.desk.mailboxes.find(({ address }) => address === message.from.address)?.undoSeconds ?? 15;
  return { csrf: forms.csrf, place: forms.place, once: forms.once, undoable: view.undoable, total: seconds };
}

/** No conversation is open. */
export const EmptyPane: FC<{ reader: Reader; forms: { readonly csrf: string; readonly once: string; readonly place: Place }; view: Pick<ConversationView, 'undoable' | 'desk'>; saying: Saying | undefined }> = ({ reader, forms, view, saying }) => (
  <section class="conv conv--none" id="conversation" aria-label={reader.say('thread.conversation')}>
    <div class="empty"><Mark /><p>{reader.say('thread.choose')}</p><p class="dim keys"><kbd>j</kbd> <kbd>k</kbd> {reader.say('web.keys.move')} · <kbd>Enter</kbd> {reader.say('web.keys.open')} · <kbd>Ctrl K</kbd> {reader.say('web.keys.find')}</p></div>
    <Said reader={reader} saying={saying} place={forms.place} />
    <UndoBar reader={reader} facts={undoFacts(forms, view)} />
  </section>
);
