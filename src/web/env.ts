/** What middleware leaves for the routes. */
import type { Context } from 'hono';
import type { Agent, Desk } from '../core/model.js';
import type { Session } from '../core/ports/store.js';
import type { ReadContent } from '../desk/read-content.js';
import type { WebDeps } from './deps.js';
import type { Reader } from './reader.js';
import type { NodeBindings } from './visitor.js';

export interface WebEnv {
  Bindings: NodeBindings;
  Variables: { session: Session; agent: Agent; desk: Desk; reader: Reader };
}
export type WebContext = Context<WebEnv>;

/** Dependencies and what routes share. */
export interface Shared extends WebDeps {
  /** Reads files, HTML parts and whole mails. */
  readonly content: ReadContent;
  /** The desk as it is now, read again only when it changed. */
  readonly deskNow: () => Promise<Desk>;
  readonly once: () => string;
}
