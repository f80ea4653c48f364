import type { FC } from 'hono/jsx';
import type { CommandDefinition, OptionDefinition } from '../../commands/definition.js';
import { COMMANDS } from '../../commands/index.js';
import { choicesOf, isChosen } from '../../commands/suggestions.js';
import { may } from '../../core/permissions.js';
import type { NavFacts } from '../parts/nav.js';
import { Said, type Saying } from '../parts/said.js';
import { ALL_OPEN } from '../place.js';
import type { Reader } from '../reader.js';
import { YES } from '../verbs.js';
import { WidePage } from './wide-page.js';

/** Verbs whose page says more than a form could. */
const PAGES: Readonly<Record<string, string>> = {
  my: '/view/mine', unassigned: '/view/unassigned', overdue: '/view/overdue', team: '/workload', workload: '/workload', duty: '/workload', away: '/workload#away', back: '/workload#away', find: '/find', bulk: '/bulk', 'bulk-go': '/bulk', 'bulk-stop': '/bulk', 'bulk-undo': '/bulk',
  'bulk-show': '/bulk', searches: '/searches', 'save-search': '/searches#save', 'rename-search': '/searches', 'delete-search': '/searches', templates: '/templates', 'template-new': '/templates/new', 'template-edit': '/templates', 'template-retire': '/templates',
  'template-restore': '/templates', link: '/settings',
};

interface HelpProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly said: Saying | undefined;
  /** What a form that was refused held. */
  readonly filled: { readonly verb: string; readonly args: Readonly<Record<string, string>> } | undefined;
  /** Makes a double press one call. */
  readonly once: string;
}

/** Everything that can be said, made from the catalogue: what needs no conversation has its form or its page here, the rest is said in a conversation. */
export const HelpPage: FC<HelpProps> = (props) => {
  const { reader, facts, said } = props;
  const verbs = COMMANDS.filter(({ name, permission }) => name !== 'help' && may(facts.agent.role, permission));
  return (
    <WidePage reader={reader} title={reader.say('help.heading')} facts={facts} tab="more">
      <Said reader={reader} saying={said} place={ALL_OPEN} />
      <p class="lead">{reader.say('help.plain-words')}</p>
      <h2 class="h-gap" id="help-anywhere">{reader.say('help.anywhere')}</h2>
      <ul class="helps" aria-labelledby="help-anywhere">{verbs.filter(({ onConversation }) => !onConversation).map((command) => <li id={command.name}><Verb {...props} command={command} /></li>)}</ul>
      <h2 class="h-gap" id="help-conversation">{reader.say('help.in-conversation')}</h2>
      <ul class="helps" aria-labelledby="help-conversation">{verbs.filter(({ onConversation }) => onConversation).map((command) => <li id={command.name}><Words reader={reader} command={command} /></li>)}</ul>
    </WidePage>
  );
};

const Words: FC<{ reader: Reader; command: CommandDefinition }> = ({ reader, command: { name, summary, options } }) => (
  <p><code>{[`/${name}`, ...options.filter(({ hidden, required }) => required && !hidden).map((option) => option.name)].join(' ')}</code> {reader.say(summary)}</p>
);

const Verb: FC<HelpProps & { command: CommandDefinition }> = (props) => {
  const { reader, facts, once, command, filled } = props;
  const page = PAGES[command.name];
  const options = command.options.filter(({ hidden }) => !hidden);
  const form = (
    <form class="form form--narrow" method="post" action={`/help/do/${command.name}`}>
      <input type="hidden" name="_csrf" value={facts.csrf} /><input type="hidden" name="once" value={`${once}-${command.name}`} />
      {options.map((option) => <Field {...props} option={option} />)}
      <div class={options.length > 0 ? 'form__end' : ''}><button class={options.length > 0 ? 'btn' : 'btn btn--s'} type="submit">{reader.say(command.title)}</button></div>
    </form>
  );
  return (
    <>
      <Words reader={reader} command={command} />
      {page !== undefined ? <a class="btn btn--s" href={page}>{reader.say(command.title)}</a>
      : options.length === 0 ? form
      : <details class="change" id={`form-${command.name}`} open={filled?.verb === command.name}><summary class="btn btn--s">{reader.say(command.title)}</summary>{form}</details>}
    </>
  );
};

const Field: FC<HelpProps & { command: CommandDefinition; option: OptionDefinition }> = ({ reader, facts, command, option: { name, kind, label, required }, filled }) => {
  const id = `${command.name}-${name}`;
  const value = filled?.verb === command.name ? filled.args[name] : undefined;
  if (kind === 'flag') return <div class="field"><label><input type="checkbox" name={name} value={YES} checked={value === YES} /> {reader.say(label)}</label></div>;
  return (
    <div class="field">
      <label for={id}>{reader.say(label)}</label>
      {isChosen(kind) ? <select class="in" id={id} name={name}>{!required && <option value="">–</option>}{choicesOf(kind, facts.desk, facts.agent).map((choice) => <option value={choice.value} selected={choice.value === value}>{choice.label}</option>)}</select>
      : name === 'text' ? <textarea class="in" id={id} name={name} rows={4} required={required}>{value}</textarea>
      : <input class="in" id={id} name={name} value={value} autocomplete="off" required={required} />}
    </div>
  );
};
