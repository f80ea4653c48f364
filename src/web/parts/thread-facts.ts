import type { ToHtml } from '../deps.js';
import type { ConversationView } from '../views/conversation-view.js';
import type { FormFacts } from './form.js';

/** What every entry of a thread is drawn from. */
export interface ThreadFacts {
  readonly view: ConversationView;
  readonly forms: FormFacts;
  readonly toHtml: ToHtml;
  readonly mayWork: boolean;
}
