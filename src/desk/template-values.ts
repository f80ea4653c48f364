import type { Agent, Conversation, Customer, Mailbox } from '../core/model.js';
import type { TemplateValues } from '../core/templates.js';
import { formatDate } from '../core/language/say.js';

/** Values for the variables of templates, as the customer should read them. */
export function templateValues(of: { conversation: Conversation; mailbox: Mailbox; customer: Customer | undefined; agent: Agent | undefined; now: Date }): TemplateValues {
  const name = of.customer?.name ?? '';
  const locale = of.conversation.language === 'pl' || of.conversation.language === 'en' ? of.conversation.language : of.mailbox.locale;
  return {
    'customer.name': name,
    'customer.firstName': name.split(/\s+/)[0] ?? '',
    'customer.email': of.customer?.addresses[0] ?? '',
    'agent.name': of.agent?.name ?? of.mailbox.name,
    'agent.firstName': of.agent?.name.split(/\s+/)[0] ?? of.mailbox.name,
    'conversation.number': String(of.conversation.number),
    'conversation.subject': of.conversation.subject,
    'mailbox.name': of.mailbox.name,
    'mailbox.address': of.mailbox.address,
    date: formatDate(of.now, locale, of.agent?.timeZone ?? 'UTC'),
  };
}
