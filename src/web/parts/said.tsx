import type { FC } from 'hono/jsx';
import type { ListItem, NewerThing } from '../../core/calls.js';
import { conversationPath, type Place } from '../place.js';
import type { Reader } from '../reader.js';
import { Icon } from './icon.js';
import { VerbForm, type FormFacts } from './form.js';

/** What the desk answers to something that was done. */
export interface Saying {
  readonly tone: 'done' | 'refused' | 'held' | 'list';
  readonly text: string;
  readonly suggestion?: string | undefined;
  readonly items?: readonly SaidItem[];
  /** A verb (other than an answer) that was held: what is newer, and the verb to say it all the same. */
  readonly held?: { readonly verb: string; readonly newer: readonly NewerThing[]; readonly args: Readonly<Record<string, string>> };
}
export interface SaidItem extends ListItem {
  readonly number: number | undefined;
}

export const Said: FC<{ reader: Reader; saying: Saying | undefined; place: Place; forms?: FormFacts; oob?: boolean }> = ({ reader, saying, place, forms, oob }) => (
  <div class="said" id="said" role="status" hx-swap-oob={oob ? 'true' : undefined}>
    {saying && (
      <div class={`bar-say bar-say--${saying.tone}`}>
        <Icon name={saying.tone === 'refused' ? 'warn' : saying.tone === 'held' ? 'question' : 'check'} />
        <div class="said__t">
          <p><b>{saying.text}</b>{saying.suggestion && <> {reader.say('refused.did-you-mean', { suggestion: `/${saying.suggestion}` })}</>}</p>
          {saying.held?.newer.map(({ who, excerpt, at }) => <p class="dim">{who}, {reader.time(at)}: {excerpt}</p>)}
          {saying.items && saying.items.length > 0 && (
            <ul class="said__items">
              {saying.items.map(({ title, text, number, path }) => <li>{path !== undefined ? <a href={path}>{title}</a> : number === undefined ? <b>{title}</b> : <a href={conversationPath(number, place)}>{title}</a>} <span class="dim">{text}</span></li>)}
            </ul>
          )}
        </div>
        {saying.held && forms && <VerbForm facts={forms} verb={saying.held.verb} args={saying.held.args}><button class="btn btn--s" type="submit">{reader.say('button.anyway')}</button></VerbForm>}
        <button class="btn btn--quiet btn--icon btn--s said__x" type="button" hidden aria-label={reader.say('web.dismiss')}><Icon name="x" /></button>
      </div>
    )}
  </div>
);
