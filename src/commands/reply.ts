import type { CommandOutcome } from '../core/calls.js';
import type { TemplateId } from '../core/ids.js';
import type { MailAddress } from '../core/mail.js';
import type { StoredFile } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { formatDateTime } from '../core/language/say.js';
import { draftAnswer, recipientsNow, reply as replyToCustomer } from '../desk/reply.js';
import type { CommandDefinition } from './definition.js';
import { heldOutcome } from './held.js';
import { sendsSoon } from './sends-soon.js';

export const reply: CommandDefinition = {
  name: 'reply',
  aliases: ['answer', 'odpowiedz'],
  title: 'verb.reply',
  summary: 'verb.reply.summary',
  permission: 'work',
  onConversation: true,
  options: [
    { name: 'template', kind: 'template', required: false, label: 'option.template' },
    { name: 'to', kind: 'word', required: false, label: 'mail.to', typedOnly: true },
    { name: 'cc', kind: 'word', required: false, label: 'mail.cc', typedOnly: true },
    { name: 'bcc', kind: 'word', required: false, label: 'mail.bcc', typedOnly: true },
    { name: 'at', kind: 'word', required: false, label: 'option.until', typedOnly: true },
    { name: 'preview', kind: 'flag', required: false, label: 'option.preview' },
    { name: 'anyway', kind: 'flag', required: false, label: 'option.send-anyway', hidden: true },
    { name: 'used', kind: 'text', required: false, label: 'option.template', hidden: true },
    { name: 'files', kind: 'files', required: false, label: 'option.attach', hidden: true },
    { name: 'text', kind: 'text', required: false, label: 'option.text' },
  ],
  form: true,
  async formFacts(unit, conversationId) {
    const { to, cc } = await recipientsNow(unit, conversationId);
    return [{ key: 'reply.goes-to', params: { to: to.map(written).join(', ') } }, ...(cc.length > 0 ? [{ key: 'reply.cc', params: { cc: cc.map(written).join(', ') } } as const] : [])];
  },
  async run(unit, call): Promise<CommandOutcome> {
    const answer = {
      conversationId: call.conversationId,
      text: call.args['text'] ?? '',
      template: call.args['template'] || undefined,
      begunFrom: idsIn(call.args['used']),
      files: readFiles(call.args['files']),
      receivers: { to: call.args['to'], cc: call.args['cc'], bcc: call.args['bcc'] },
      at: call.args['at'],
      drawnFrom: call.revision,
      anyway: isOn(call.args['anyway']),
    };
    if (isOn(call.args['preview'])) {
      const draft = await draftAnswer(unit, answer);
      const { number, id, revision } = draft.conversation;
      const to = draft.recipients.to.map(written);
      return { kind: 'preview', message: { key: 'reply.preview', params: { number, to: to.join(', ') } }, to, cc: draft.recipients.cc.map(written), subject: draft.answered.subject, text: draft.text, conversationId: id, revision };
    }
    const outcome = await replyToCustomer(unit, answer);
    if ('held' in outcome) return heldOutcome(unit, outcome, 'reply.held');
    const { conversation, message } = outcome;
    const soon = sendsSoon(unit, conversation, message);
    if (!answer.at || soon.kind !== 'done' || !message.sendAt) return soon;
    return { ...soon, message: { key: 'reply.later', params: { number: conversation.number, time: formatDateTime(message.sendAt, unit.actor.locale, unit.actor.timeZone) } } };
  },
};

export const isOn = (value: string | undefined): boolean => ['true', 'on', 'yes', '1', 'tak'].includes((value ?? '').toLowerCase());

/** Template ids with commas between. */
const idsIn = (joined: string | undefined): readonly TemplateId[] => (joined ?? '').split(',').filter(Boolean).map((id) => id as TemplateId);

const written = ({ name, address }: MailAddress): string => (name ? `${name} <${address}>` : address);

function readFiles(json: string | undefined): readonly StoredFile[] {
  if (!json) return [];
  try {
    const files: unknown = JSON.parse(json);
    if (Array.isArray(files) && files.every(isFile)) return files;
  } catch {
    // Told below, like a list of the wrong shape.
  }
  throw new Refusal('refused.missing-option', { option: 'files', example: '[{"blob":"…","fileName":"…","contentType":"…","bytes":0}]' });
}

function isFile(value: unknown): value is StoredFile {
  const file = value as Partial<Record<keyof StoredFile, unknown>> | null;
  return typeof file?.blob === 'string' && /^[0-9a-f]{64}$/.test(file.blob) && typeof file.fileName === 'string' && typeof file.contentType === 'string' && typeof file.bytes === 'number';
}
