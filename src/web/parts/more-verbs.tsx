import type { FC } from 'hono/jsx';
import type { CommandDefinition, OptionDefinition } from '../../commands/definition.js';
import { COMMANDS } from '../../commands/index.js';
import { choicesOf, isChosen } from '../../commands/suggestions.js';
import type { Conversation } from '../../core/model.js';
import type { Reader } from '../reader.js';
import type { ConversationView } from '../views/conversation-view.js';
import { VerbForm, type FormFacts } from './form.js';

/** Verbs that have a button of their own elsewhere on the page, or speak of a mail. */
const ELSEWHERE = new Set(['claim', 'release', 'assign', 'hand-over', 'note', 'reply', 'undo', 'close', 'reopen', 'arrived', 'send-again', 'split', 'forward', 'draft', 'edit', 'approve', 'send-back', 'history', 'export', 'template', 'template-save', 'show', 'find', 'help', 'customer']);
/** These have their forms on the customer's page. */
const ON_CUSTOMER_PAGE = /(^customer-|-customers?(-note)?$|-address$)/;

/** Every other verb of the catalogue, as a small form made from its definition: a new verb appears here by itself. */
export const MoreVerbs: FC<{ reader: Reader; view: ConversationView; forms: FormFacts }> = ({ reader, view, forms }) => (
  <ul class="more-verbs">
    {COMMANDS.filter((command) => command.onConversation && !ELSEWHERE.has(command.name) && !ON_CUSTOMER_PAGE.test(command.name) && makesSense(command, view)).map((command) => (
      <li>
        <VerbForm facts={forms} verb={command.name} class="more-verb">
          {command.options.filter(({ hidden, typedOnly }) => !hidden && !typedOnly).map((option) => <Field reader={reader} view={view} command={command} option={option} />)}
          <button class="btn btn--s" type="submit" title={reader.say(command.summary)}>{reader.say(command.title)}</button>
        </VerbForm>
      </li>
    ))}
  </ul>
);

const Field: FC<{ reader: Reader; view: ConversationView; command: CommandDefinition; option: OptionDefinition }> = ({ reader, view, command, option }) => {
  const id = `more-${command.name}-${option.name}`;
  const label = reader.say(option.label);
  if (!isChosen(option.kind)) return <><label class="vh" for={id}>{label}</label><input class="in" id={id} name={option.name} placeholder={label} autocomplete="off" required={option.required} /></>;
  return (
    <>
      <label class="vh" for={id}>{label}</label>
      <select class="in" id={id} name={option.name}>
        {choicesOf(option.kind, view.desk, view.agent, view.conversation).filter(({ value }) => fits(command, value, view.conversation)).map(({ value, label: name }) => <option value={value} selected={value === view.conversation.priority}>{name}</option>)}
      </select>
    </>
  );
};

/** Only labels that can be put on, or taken off; no folder that it lies in. */
function fits({ name }: CommandDefinition, value: string, { labels, folderId }: Conversation): boolean {
  if (name === 'file') return value !== folderId;
  if (name === 'label') return !labels.some((label) => label === value);
  return name !== 'unlabel' || labels.some((label) => label === value);
}

function makesSense({ name }: CommandDefinition, { conversation: { status, labels, folderId }, desk, thread, pinned }: ConversationView): boolean {
  switch (name) {
    case 'unmerge': return thread.some((item) => item.kind === 'event' && item.event.what === 'merged');
    case 'unlabel': return labels.length > 0;
    case 'unpin': return pinned.length > 0;
    case 'spam': return status !== 'spam';
    case 'not-spam': return status === 'spam';
    case 'file': return desk.folders.length > 0;
    case 'unfile': return folderId !== undefined;
    case 'wait': return status !== 'pending';
    default: return true;
  }
}
