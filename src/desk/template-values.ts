import type { Agent, Conversation, Customer, Hours, Mailbox } from '../core/model.js';
import { nextWorkday } from '../core/hours.js';
import { formatForCustomer } from '../core/language/say.js';
import { firstNameOf, realName } from '../core/person-name.js';
import type { TemplateValues } from '../core/templates.js';
import { DAY_MS } from '../core/wall-clock.js';

export interface ValuesOf {
  readonly conversation: Pick<Conversation, 'number' | 'subject' | 'createdAt'>;
  readonly mailbox: Pick<Mailbox, 'name' | 'address'>;
  readonly customer: Customer | undefined;
  /** undefined: Goniec itself writes. */
  readonly agent: Pick<Agent, 'name'> | undefined;
  /** Dates are those of the desk's own zone. */
  readonly hours: Hours;
  readonly now: Date;
  /** Code of the language that dates are written in. */
  readonly language: string;
}

/** Values for the variables of templates, as the customer should read them. */
export function templateValues({ conversation, mailbox, customer, agent, hours, now, language }: ValuesOf): TemplateValues {
  const date = (at: Date): string => formatForCustomer('date', at, language, hours.timeZone);
  const workday = nextWorkday(hours, now);
  return {
    'customer.name': realName(customer?.name ?? ''),
    'customer.firstName': firstNameOf(customer?.name ?? ''),
    'customer.email': customer?.addresses[0] ?? '',
    'agent.name': agent?.name ?? mailbox.name,
    'agent.firstName': agent?.name.split(/\s+/)[0] ?? mailbox.name,
    'conversation.number': String(conversation.number),
    'conversation.subject': conversation.subject,
    'conversation.date': date(conversation.createdAt),
    'mailbox.name': mailbox.name,
    'mailbox.address': mailbox.address,
    date: date(now),
    'date.weekday': formatForCustomer('weekday', now, language, hours.timeZone),
    'date.tomorrow': date(new Date(now.getTime() + DAY_MS)),
    'date.nextWorkday': workday ? formatForCustomer('day', workday, language, hours.timeZone) : '',
    'date.inAWeek': date(new Date(now.getTime() + DAYS_A_WEEK * DAY_MS)),
  };
}

const DAYS_A_WEEK = 7;
