import type { CommandCall, CommandOutcome } from '../core/calls.js';
import type { MailAddress } from '../core/mail.js';
import { draftAnswer, recipientsNow, reply as replyToCustomer, type Answer, type Receivers } from '../desk/reply.js';
import type { CommandDefinition, OptionDefinition } from './definition.js';
import { readFiles } from './files.js';
import { heldOutcome } from './held.js';
import { reviewTemplate, TEMPLATE_OPTIONS, textFacts, usedIn, withTemplateText } from './reply-template.js';
import { sendsSoon } from './sends-soon.js';

/** What `reply` and `draft` ask for alike. */
const OPTIONS: readonly OptionDefinition[] = [
  { name: 'template', kind: 'template', required: false, label: 'option.template' },
  { name: 'to', kind: 'word', required: false, label: 'mail.to', typedOnly: true },
  { name: 'cc', kind: 'word', required: false, label: 'mail.cc' },
  { name: 'bcc', kind: 'word', required: false, label: 'mail.bcc', typedOnly: true },
  { name: 'only', kind: 'flag', required: false, label: 'option.only' },
  { name: 'at', kind: 'word', required: false, label: 'option.until', typedOnly: true },
  { name: 'attach', kind: 'thread-files', required: false, label: 'option.thread-files' },
  ...TEMPLATE_OPTIONS,
  { name: 'files', kind: 'files', required: false, label: 'option.attach', hidden: true },
];
const TEXT: OptionDefinition = { name: 'text', kind: 'text', required: false, label: 'option.text' };

const formFacts: CommandDefinition['formFacts'] = async (unit, conversationId, prefill) => [
  { key: 'reply.goes-to', params: { to: (await recipientsNow(unit, conversationId)).to.map(written).join(', ') } }, ...(await textFacts(unit, conversationId, prefill)),
];

const formValues: CommandDefinition['formValues'] = async (unit, conversationId) => ({ cc: (await recipientsNow(unit, conversationId)).cc.map(({ address }) => address).join(', ') });

const answerIn = ({ conversationId, args, revision }: CommandCall): Answer => ({
  conversationId,
  text: args['text'] ?? '',
  template: args['template'] || undefined,
  language: args['language'] || undefined,
  begunFrom: usedIn(args),
  files: readFiles(args['files']),
  receivers: receiversIn(args),
  at: args['at']?.trim() || undefined,
  drawnFrom: revision,
  anyway: isOn(args['anyway']),
  warned: args['warned'],
  draft: false,
});

export const receiversIn = (args: CommandCall['args']): Receivers => ({ to: args['to'], cc: args['cc'], bcc: args['bcc'], only: isOn(args['only']) });

export const reply: CommandDefinition = {
  name: 'reply',
  aliases: ['answer', 'odpowiedz'],
  title: 'verb.reply',
  summary: 'verb.reply.summary',
  permission: 'work',
  onConversation: true,
  options: [
    ...OPTIONS,
    { name: 'preview', kind: 'flag', required: false, label: 'option.preview' },
    { name: 'anyway', kind: 'flag', required: false, label: 'option.send-anyway' },
    { name: 'warned', kind: 'word', required: false, label: 'mail.to', hidden: true },
    TEXT,
  ],
  form: true,
  lookUp: withTemplateText,
  formFacts,
  formValues,
  async run(unit, call): Promise<CommandOutcome> {
    if (isOn(call.args['review']) && call.args['template']) return reviewTemplate(unit, call);
    const answer = answerIn(call);
    if (isOn(call.args['preview'])) {
      const draft = await draftAnswer(unit, answer);
      const { number, id, revision } = draft.conversation;
      const to = draft.recipients.to.map(written);
      return { kind: 'preview', message: { key: 'reply.preview', params: { number, to: to.join(', ') } }, to, cc: draft.recipients.cc.map(written), subject: draft.answered.subject, text: draft.text, conversationId: id, revision };
    }
    const outcome = await replyToCustomer(unit, answer);
    // Typed words come back with what is to be said instead.
    if ('held' in outcome) return heldOutcome(unit, outcome, call.revision === undefined ? 'reply.collides' : 'reply.held');
    return sendsSoon(unit, outcome.conversation, outcome.message);
  },
};

/** Begins an answer for a colleague to finish. */
export const draft: CommandDefinition = {
  name: 'draft',
  aliases: ['szkic'],
  title: 'verb.draft',
  summary: 'verb.draft.summary',
  permission: 'work',
  onConversation: true,
  options: [...OPTIONS, TEXT],
  form: true,
  lookUp: withTemplateText,
  formFacts,
  formValues,
  async run(unit, call): Promise<CommandOutcome> {
    if (isOn(call.args['review']) && call.args['template']) return reviewTemplate(unit, call);
    const outcome = await replyToCustomer(unit, { ...answerIn(call), draft: true });
    return { kind: 'done', message: { key: 'draft.done', params: { number: outcome.conversation.number } }, conversationId: outcome.conversation.id };
  },
};

export const isOn = (value: string | undefined): boolean => ['true', 'on', 'yes', '1', 'tak'].includes((value ?? '').toLowerCase());

export const written = ({ name, address }: MailAddress): string => (name ? `${name} <${address}>` : address);
