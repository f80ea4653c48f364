import type { Child, FC } from 'hono/jsx';
import { LOCALES, type Agent } from '../../core/model.js';
import type { NavFacts } from '../parts/nav.js';
import type { Reader } from '../reader.js';
import { MIN_PASSWORD_CHARS } from '../passwords.js';
import { WidePage } from './wide-page.js';

interface SettingsPageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly agent: Agent;
  /** Said in chat, it ties the person there to this agent. */
  readonly linkCode: string | undefined;
  readonly said: string | undefined;
  readonly problem: { readonly field: 'zone' | 'old' | 'new'; readonly text: string } | undefined;
}

const THEMES = ['system', 'light', 'dark'] as const;

export const SettingsPage: FC<SettingsPageProps> = ({ reader, facts, agent, linkCode, said, problem }) => (
  <WidePage reader={reader} title={reader.say('settings.heading')} facts={facts} tab="more">
    {said && <p class="bar-say" role="status">{said}</p>}
    {problem && <p class="bar-say bar-say--danger" role="alert" id="problem">{problem.text}</p>}
    <form class="form form--narrow" method="post" action="/settings">
      <input type="hidden" name="_csrf" value={facts.csrf} />
      <Choices legend={reader.say('settings.language')}>
        {LOCALES.map((locale) => <Choice name="locale" value={locale} checked={agent.locale === locale} label={reader.say(`language.${locale}`)} lang={locale} />)}
      </Choices>
      <Choices legend={reader.say('settings.theme')}>
        {THEMES.map((theme) => <Choice name="theme" value={theme} checked={agent.theme === theme} label={reader.say(`settings.theme.${theme}`)} />)}
      </Choices>
      <div class="field">
        <label for="zone">{reader.say('settings.time-zone')}</label>
        <input class="in" id="zone" name="timeZone" value={agent.timeZone} list="zones" required aria-invalid={problem?.field === 'zone' ? 'true' : undefined} aria-describedby={problem?.field === 'zone' ? 'problem' : undefined} />
        <datalist id="zones">{Intl.supportedValuesOf('timeZone').map((zone) => <option value={zone} />)}</datalist>
      </div>
      <div class="form__end"><button class="btn btn--primary" type="submit">{reader.say('settings.save')}</button></div>
    </form>
    {linkCode && (
      <>
        <h2 class="h-gap" id="chat">{reader.say('settings.link')}</h2>
        <p>{reader.say('settings.link.means')}</p>
        <p><code>/link {linkCode}</code></p>
      </>
    )}
    <h2 class="h-gap" id="password">{reader.say('settings.password')}</h2>
    <form class="form form--narrow" method="post" action="/settings/password">
      <input type="hidden" name="_csrf" value={facts.csrf} />
      <input class="vh" type="text" name="username" autocomplete="username" value={agent.email} tabindex={-1} aria-hidden="true" readonly />
      <div class="field"><label for="old">{reader.say('settings.old-password')}</label><input class="in" id="old" name="old" type="password" autocomplete="current-password" required aria-invalid={problem?.field === 'old' ? 'true' : undefined} /></div>
      <div class="field"><label for="new">{reader.say('settings.new-password')}</label><input class="in" id="new" name="new" type="password" autocomplete="new-password" required minlength={MIN_PASSWORD_CHARS} aria-invalid={problem?.field === 'new' ? 'true' : undefined} /></div>
      <div class="form__end"><button class="btn" type="submit">{reader.say('settings.save')}</button></div>
    </form>
  </WidePage>
);

const Choices: FC<{ legend: string; children?: Child }> = ({ legend, children }) => <fieldset class="field"><legend class="lab">{legend}</legend>{children}</fieldset>;

const Choice: FC<{ name: string; value: string; checked: boolean; label: string; lang?: string }> = ({ name, value, checked, label, lang }) => (
  <label class="choice" lang={lang}><input type="radio" name={name} value={value} checked={checked} /><span>{label}</span></label>
);
