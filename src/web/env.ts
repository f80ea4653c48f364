/** What middleware leaves for the routes. */
import type { Context } from 'hono';
import type { Agent, Desk } from '../core/model.js';
import type { Session, Store, StoresInSight } from '../core/ports/store.js';
import type { ReadContent } from '../desk/read-content.js';
import type { WebDeps } from './deps.js';
import type { Reader } from './reader.js';
import type { NodeBindings } from './visitor.js';

export interface WebEnv {
  Bindings: NodeBindings;
  Variables: {
    session: Session;
    agent: Agent;
    /** Without what the agent may not see. */
    desk: Desk;
    /** Without what the agent may not see: what a page shows comes from here. */
    store: StoresInSight;
    /** Reads files, HTML parts and whole mails, of what the agent may see. */
    content: ReadContent;
    reader: Reader;
  };
}
export type WebContext = Context<WebEnv>;

/** What the routes of somebody who is logged in share. The whole store is not among it: they read the agent's own. */
export interface Shared extends Omit<WebDeps, 'store'> {
  readonly onChange: Store['onChange'];
  readonly inSight: Store['inSight'];
  /** The desk as it is now, read again only when it changed. */
  readonly deskNow: () => Promise<Desk>;
  readonly once: () => string;
}

/** What is needed before it is known who asks. */
export type Outside = Shared & Pick<WebDeps, 'store'>;
