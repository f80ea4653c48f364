/**
 * The team at work: answers conversations through the web desk while the product is being killed. A call is repeated only when the product did not answer, and then with the same
 * form, as a browser would send it again; what it answered is what counts.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { answerMark } from './plan.js';
import type { Random } from './random.js';
import { field, NoAnswer, type Visitor } from './visitor.js';

/** Between two tries while the product is down. */
const RETRY_MS = 150;
/** Between two looks whether there is anything to answer. */
const IDLE_MS = 100;

export interface Accepted {
  readonly mark: string;
  readonly number: number;
}

export interface AnsweringResult {
  readonly accepted: readonly Accepted[];
  /** Calls that got no answer and were sent again. */
  readonly repeated: number;
  /** Answers that were held because a mail had come in meanwhile; they were read and sent anew. */
  readonly held: number;
}

export interface Answering {
  done(): boolean;
  /** How many were accepted so far. */
  count(): number;
  /** Takes no new ones; resolves when the one in hand has an answer. */
  finish(): Promise<AnsweringResult>;
}

/** @param allowed how many may have been sent by now, so that they spread over the run */
export function startAnswering(visitor: Visitor, wanted: number, allowed: () => number, random: Random): Answering {
  const accepted: Accepted[] = [];
  const answered = new Set<number>();
  let repeated = 0;
  let held = 0;
  let over = false;

  /** Until the product answers. */
  const insist = async <Result>(ask: () => Promise<Result>, again: () => void = () => undefined): Promise<Result> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        again();
        await sleep(RETRY_MS);
      }
    }
  };

  const count = (): void => {
    repeated += 1;
  };

  const choose = async (): Promise<number | undefined> => {
    const { text } = await insist(() => visitor.page('/'));
    const numbers = [...text.matchAll(/id="card-(\d+)"/g)].map(([, number]) => Number(number)).filter((number) => !answered.has(number));
    return numbers.length > 0 ? numbers[random.whole(0, numbers.length)] : undefined;
  };

  const answer = async (number: number, mark: string): Promise<boolean> => {
    for (;;) {
      const page = await insist(() => visitor.page(`/c/${number}`));
      const fields = {
        _csrf: field(page.text, '_csrf') ?? '', revision: field(page.text, 'revision') ?? '', once: `${/name="once" value="([^"]*)-write"/.exec(page.text)?.[1] ?? ''}-write`,
        in: 'open', mode: 'answer', note: '', answer: `Hello, it is on its way.\n\n${mark}`,
      };
      let said = await insist(() => visitor.post(`/c/${number}/do/reply`, fields), count);
      // Nobody knows what it did before it failed: the same form again.
      while (said.status >= 500) {
        count();
        await sleep(RETRY_MS);
        said = await insist(() => visitor.post(`/c/${number}/do/reply`, fields), count);
      }
      if (said.status === 303 && said.location?.startsWith(`/c/${number}`) === true) return true;
      if (said.status === 409) held += 1;
      // Refused, or the session had ended: nothing was written down. A person reads the page and tries again.
      else if (said.status !== 422 && said.status !== 303) throw new Error(`an answer to #${number} got status ${said.status}`);
      await sleep(RETRY_MS);
      if (over) return false;
    }
  };

  const working = (async () => {
    while (!over && accepted.length < wanted) {
      const number = accepted.length < allowed() ? await choose() : undefined;
      if (number === undefined) {
        await sleep(IDLE_MS);
        continue;
      }
      answered.add(number);
      const mark = answerMark(accepted.length);
      if (await answer(number, mark)) accepted.push({ mark, number });
    }
  })();

  return {
    done: () => accepted.length >= wanted,
    count: () => accepted.length,
    async finish() {
      over = true;
      await working;
      return { accepted, repeated, held };
    },
  };
}
