/** Interactions under way: what a person did, what the bot answered and how fast, and how long its token lasts. */
import { isJson, listIn, numberIn, objectIn, textIn, type Json } from './json.js';
import { snowflake } from './snowflakes.js';

/** Discord shows "This application did not respond" after this. */
const FIRST_ANSWER_MS = 3_000;
const TOKEN_MS = 15 * 60_000;
/** How long a person of a test looks at "is thinking". */
const PATIENCE_MS = 10_000;

const CALLBACK = { message: 4, deferred: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const;
const EPHEMERAL = 1 << 6;

/** A message that only the one who asked sees, or the answer to an interaction. */
export interface Told {
  readonly id: string;
  content: string;
  embeds: readonly Json[];
  components: readonly Json[];
  readonly ephemeral: boolean;
}

/** What came back to the person. */
export interface Reaction {
  /** Milliseconds to the first response. */
  readonly ms: number;
  readonly kind: 'message' | 'modal' | 'choices' | 'update';
  readonly told: Told | undefined;
  readonly modal: Json | undefined;
  readonly choices: readonly { readonly name: string; readonly value: string }[];
  readonly deferred: boolean;
}

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly startedAt: number;
  readonly channelId: string;
  answered: boolean;
  expired: boolean;
  original: Told | undefined;
  readonly followUps: Told[];
}

interface Waiting extends Interaction {
  deferred: boolean;
  ms: number;
  readonly settle: (reaction: Reaction) => void;
}

export class Interactions {
  readonly #byToken = new Map<string, Waiting>();
  readonly #all: Interaction[] = [];

  /** Milliseconds to the first response of every interaction so far. */
  readonly firstResponses: number[] = [];

  begin(channelId: string): { readonly interaction: Interaction; readonly reaction: Promise<Reaction> } {
    let settle: (reaction: Reaction) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const reaction = new Promise<Reaction>((done, failed) => {
      settle = done;
      fail = failed;
    });
    const interaction: Waiting = { id: snowflake(), token: `token-${snowflake()}`, startedAt: performance.now(), channelId, answered: false, expired: false, original: undefined, followUps: [], deferred: false, ms: 0, settle };
    this.#byToken.set(interaction.token, interaction);
    this.#all.push(interaction);
    const unanswered = setTimeout(() => {
      if (!interaction.answered) fail(new Error('This application did not respond (3 s)'));
    }, FIRST_ANSWER_MS);
    const forgotten = setTimeout(() => fail(new Error('"is thinking" for ever')), PATIENCE_MS);
    const clear = (): void => {
      clearTimeout(unanswered);
      clearTimeout(forgotten);
    };
    reaction.then(clear, clear);
    return { interaction, reaction };
  }

  find(token: string): Interaction | undefined {
    return this.#byToken.get(token);
  }

  /** As if fifteen minutes had passed. */
  expireTokens(): void {
    for (const interaction of this.#byToken.values()) interaction.expired = true;
  }

  /** @returns the error that Discord answers with */
  callback(token: string, body: Json): { readonly status: number; readonly body: Json } | undefined {
    const waiting = this.#byToken.get(token);
    if (!waiting || performance.now() - waiting.startedAt > FIRST_ANSWER_MS) return { status: 404, body: { message: 'Unknown interaction', code: 10_062 } };
    if (waiting.answered) return { status: 400, body: { message: 'Interaction has already been acknowledged.', code: 40_060 } };
    waiting.answered = true;
    waiting.ms = performance.now() - waiting.startedAt;
    this.firstResponses.push(waiting.ms);
    const data = objectIn(body, 'data');
    const base = { ms: waiting.ms, told: undefined, modal: undefined, choices: [], deferred: false } as const;
    switch (numberIn(body, 'type')) {
      case CALLBACK.message:
        waiting.original = toldOf(data);
        waiting.settle({ ...base, kind: 'message', told: waiting.original });
        break;
      case CALLBACK.deferred:
        waiting.deferred = true;
        waiting.original = { ...toldOf(data), content: '' };
        break;
      case CALLBACK.modal:
        waiting.settle({ ...base, kind: 'modal', modal: data });
        break;
      case CALLBACK.choices:
        waiting.settle({ ...base, kind: 'choices', choices: listIn(data, 'choices').map((choice) => ({ name: textIn(choice, 'name') ?? '', value: String(choice['value']) })) });
        break;
      default:
        waiting.settle({ ...base, kind: 'update', told: isJson(body['data']) ? toldOf(data) : undefined });
    }
    return undefined;
  }

  /** The first answer is written over; after a deferral this is what the person was waiting for. */
  editOriginal(token: string, body: Json): Told | undefined {
    const waiting = this.#byToken.get(token);
    if (!waiting || this.#isOver(waiting) || !waiting.original) return undefined;
    if (typeof body['content'] === 'string') waiting.original.content = body['content'];
    if (Array.isArray(body['embeds'])) waiting.original.embeds = listIn(body, 'embeds');
    if (Array.isArray(body['components'])) waiting.original.components = listIn(body, 'components');
    waiting.settle({ ms: waiting.ms, kind: 'message', told: waiting.original, modal: undefined, choices: [], deferred: true });
    return waiting.original;
  }

  followUp(token: string, body: Json): Told | undefined {
    const waiting = this.#byToken.get(token);
    if (!waiting || this.#isOver(waiting)) return undefined;
    const told = toldOf(body);
    waiting.followUps.push(told);
    return told;
  }

  /** Where the interaction that a message answers took place. */
  channelOf(messageId: string): string | undefined {
    return this.#all.find(({ original, followUps }) => [original, ...followUps].some((told) => told?.id === messageId))?.channelId;
  }

  #isOver = (interaction: Interaction): boolean => interaction.expired || performance.now() - interaction.startedAt > TOKEN_MS;
}

const toldOf = (data: Json): Told => ({ id: snowflake(), content: textIn(data, 'content') ?? '', embeds: listIn(data, 'embeds'), components: listIn(data, 'components'), ephemeral: ((numberIn(data, 'flags') ?? 0) & EPHEMERAL) !== 0 });
