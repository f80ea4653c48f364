/**
 * What only one node may do at a time, such as watching a mailbox. Where there is one node, it owns everything. Two nodes that both believe to own something
 * for a moment (a connection broke and neither knows yet) lose nothing and take nothing twice: the ledger sees to that. Ownership only spares the double work.
 */
export interface Ownership {
  /** @returns whether it is ours now; asked again, it costs nothing while it is */
  own(what: string): Promise<boolean>;
  /** Another node may have it. */
  disown(what: string): Promise<void>;
  /** `listener` hears that nothing is ours any more. @returns stops listening */
  onLost(listener: () => void): () => void;
}

/** The only node. */
export const OWNS_EVERYTHING: Ownership = {
  own: () => Promise.resolve(true),
  disown: () => Promise.resolve(),
  onLost: () => () => undefined,
};
