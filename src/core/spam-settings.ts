/** What desk.yaml says about spam; `core/senders.ts` decides by it. */
export type SenderVerdict = 'blocked' | 'allowed';

/** `ads@casino.example`, or `@casino.example`: everybody there and in its subdomains. Lower case. */
export type SenderPattern = string & { readonly brand: 'SenderPattern' };

/** What desk.yaml says about spam. */
export interface SpamSettings {
  /** Spam is deleted for good after so many days without a change; undefined: never. */
  readonly keepDays: number | undefined;
  readonly blocked: readonly SenderPattern[];
  readonly allowed: readonly SenderPattern[];
}

/** Long enough to miss a mail and look for it; short enough not to keep strangers' data without a reason. */
export const DEFAULT_SPAM: SpamSettings = { keepDays: 90, blocked: [], allowed: [] };
