/**
 * What stands in the chat, read from the product's own pages as an agent sees them: cards in the lists, mails in the threads, what is held, what waits for a decision.
 */
import type { Visitor } from './visitor.js';

export interface ShownThread {
  readonly number: number;
  /** Marks of the mails from customers, one for each time it stands there. */
  readonly inbound: readonly string[];
  readonly outbound: readonly { readonly mark: string; readonly state: string; readonly messageId: string }[];
}

export interface Shown {
  /** Conversation numbers by list: each list that has a card of it. */
  readonly cards: ReadonlyMap<number, readonly string[]>;
  readonly threads: readonly ShownThread[];
  /** Mails in quarantine. */
  readonly held: number;
}

/** Numbers are given out without gaps; this many that lead nowhere mean that there are no more. */
const MAX_GAP = 20;
const MARK = /\b[am]\d{6}\b/g;

export async function readChat(visitor: Visitor, folders: readonly string[]): Promise<Shown> {
  const cards = new Map<number, string[]>();
  for (const list of ['/', '/view/pending', '/view/snoozed', '/view/closed', '/view/spam', ...folders.map((name) => `/folder/${name}`)]) {
    for (const number of await readList(visitor, list)) cards.set(number, [...(cards.get(number) ?? []), list]);
  }
  const threads: ShownThread[] = [];
  const highest = Math.max(0, ...cards.keys());
  for (let number = 1, gap = 0; number <= highest || gap < MAX_GAP; number += 1) {
    const { status, text } = await visitor.page(`/c/${number}`);
    gap = status === 404 ? gap + 1 : 0;
    if (status === 200) threads.push({ number, ...readThread(text) });
    else if (status !== 404) throw new Error(`/c/${number} answered ${status}`);
  }
  return { cards, threads, held: (await visitor.page('/quarantine')).text.split('class="held-mail"').length - 1 };
}

/** Numbers of the cards of a list, all pages of it; a card that stands there twice is there twice. */
async function readList(visitor: Visitor, path: string): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let page = 0; ; page += 1) {
    const { text } = await visitor.page(`${path}?page=${page}`);
    numbers.push(...[...text.matchAll(/id="card-(\d+)"/g)].map(([, number]) => Number(number)));
    if (!text.includes(`page=${page + 1}"`)) return numbers;
  }
}

/** Mails of a page: what stands in their bodies, not in previews, subjects or drafts. */
export function readThread(html: string): Pick<ShownThread, 'inbound' | 'outbound'> {
  const inbound: string[] = [];
  const outbound: ShownThread['outbound'][number][] = [];
  // A mail begins with its id and ends where the next begins.
  for (const piece of html.split(/id="mail-(?=[0-9a-f-]{36}")/).slice(1)) {
    const messageId = piece.slice(0, 36);
    const body = /class="mail__body"[^>]*>(.*?)<\/div>/s.exec(piece)?.[1] ?? '';
    const marks = [...new Set(body.match(MARK) ?? [])];
    const state = /class="state state--(\w+)"/.exec(piece)?.[1];
    for (const mark of marks) {
      if (mark.startsWith('m')) inbound.push(mark);
      else outbound.push({ mark, state: state ?? '', messageId });
    }
  }
  return { inbound, outbound };
}
