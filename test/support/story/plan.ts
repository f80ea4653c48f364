/** What happens in the story: which customers write what, and what the team does about it. Everything has a mark of its own, and an end that is known beforehand. */
import { mailFrom } from '../desk-under-test.js';

export const AGENTS = ['marek', 'anna', 'ada'] as const;
export type AgentName = (typeof AGENTS)[number];

/** One for each channel. */
export const MAILBOXES = ['orders', 'returns', 'wholesale'] as const;

export interface StoryMail {
  readonly mark: string;
  readonly mailbox: string;
  readonly raw: string;
}

/** How an answer is given: in a form, by words in the thread, by a command that can be given anywhere. */
export type Way = 'form' | 'words' | 'command';
const WAYS: readonly Way[] = ['form', 'words', 'command'];

export type Deed =
  | { readonly do: 'claim' }
  | { readonly do: 'note'; readonly mark: string }
  | { readonly do: 'answer'; readonly mark: string; readonly way: Way }
  | { readonly do: 'close' };

export interface Customer {
  readonly name: string;
  readonly address: string;
  readonly subject: string;
  /** Who looks after them. */
  readonly agent: AgentName;
  /** In the order in which they are written. */
  readonly mails: readonly StoryMail[];
  /** In the order in which they are done; each waits until so many of the mails are seen. */
  readonly deeds: readonly (Deed & { readonly after: number })[];
}

/** Every so many customers have a note written about them, or are closed at the end. */
const NOTED = 3;
const CLOSED = 4;

/** @param mails in all; the first customers write one more where they do not divide */
export function planStory(customers: number, mails: number): readonly Customer[] {
  return Array.from({ length: customers }, (_, index) => customer(index, Math.floor(mails / customers) + (index < mails % customers ? 1 : 0)));
}

function customer(index: number, count: number): Customer {
  const key = `k${String(index).padStart(3, '0')}`;
  const address = `${key}@customer.example`;
  const name = `Customer ${key}`;
  const subject = `Order ${key}`;
  const mailbox = MAILBOXES[index % MAILBOXES.length] ?? 'orders';
  const mails = Array.from({ length: count }, (_, nth): StoryMail => {
    const mark = `${key}m${nth}`;
    const first = `<${key}m0@customer.example>`;
    const headers = { To: `${mailbox}@desk.example`, 'Message-ID': `<${mark}@customer.example>`, ...(nth > 0 && { 'In-Reply-To': first, References: first }) };
    return { mark, mailbox, raw: mailFrom(`${name} <${address}>`, nth === 0 ? subject : `Re: ${subject}`, `This is ${mark}. When does it come?`, headers) };
  });
  const half = Math.ceil(count / 2);
  return {
    name, address, subject, mails, agent: AGENTS[index % AGENTS.length] ?? 'marek',
    deeds: [
      { do: 'claim', after: 1 },
      ...(index % NOTED === 0 ? [{ do: 'note', mark: `${key}n0`, after: 1 } as const] : []),
      { do: 'answer', mark: `${key}a0`, way: WAYS[index % WAYS.length] ?? 'form', after: half },
      ...(index % 2 === 0 ? [{ do: 'answer', mark: `${key}a1`, way: WAYS[(index + 1) % WAYS.length] ?? 'words', after: count } as const] : []),
      ...(index % CLOSED === 0 ? [{ do: 'close', after: count } as const] : []),
    ],
  };
}

/** One mail of each customer after the other, as they come in over a day. */
export function inTurn(customers: readonly Customer[]): readonly StoryMail[] {
  const most = Math.max(...customers.map(({ mails }) => mails.length));
  return Array.from({ length: most }, (_, nth) => customers.flatMap(({ mails }) => mails[nth] ?? [])).flat();
}
