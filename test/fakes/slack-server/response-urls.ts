/** Addresses at which an app may answer an interaction: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
import { z } from 'zod';

import { readContent } from './content.js';
import type { Conversation } from './conversation.js';
import { secret } from './ids.js';
import type { JsonObject } from './json.js';
import * as limits from './limits.js';
import type { Ephemeral } from './model.js';
import type { Slack } from './slack.js';
import { refusal, SlackError } from './violations.js';
import type { Workspace } from './workspace.js';

export interface ResponseTarget {
  readonly workspace: Workspace;
  readonly place: Conversation;
  /** Who is answered. */
  readonly user: string;
  /** The message whose button was pressed. */
  readonly messageTs?: string | undefined;
  readonly ephemeral?: Ephemeral | undefined;
  readonly threadTs?: string | undefined;
}

const ANSWER = z.strictObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  attachments: z.array(z.unknown()).optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: z.boolean().optional(),
  delete_original: z.boolean().optional(),
  thread_ts: z.string().optional(),
  mrkdwn: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  metadata: z.unknown().optional(),
});

export class ResponseUrls {
  private readonly issued = new Map<string, { readonly target: ResponseTarget; readonly goodUntil: number; uses: number }>();

  constructor(
    private readonly slack: Slack,
    private readonly lifetimeMs: number,
  ) {}

  issue(target: ResponseTarget): string {
    const id = secret(16);
    this.issued.set(id, { target, goodUntil: Date.now() + this.lifetimeMs, uses: 0 });
    return `${this.slack.baseUrl}/actions/${target.workspace.id}/${id}`;
  }

  /** Takes what the app posts to one of these addresses. @throws SlackError when Slack would refuse it */
  use(id: string, body: unknown): void {
    const found = this.issued.get(id);
    if (!found) throw refusal('invalid_url', 'no such response_url');
    if (found.goodUntil < Date.now()) throw refusal('expired_url', 'response_url lives 30 minutes');
    found.uses += 1;
    if (found.uses > limits.RESPONSE_URL_USES) throw refusal('used_url', `response_url may be used ${limits.RESPONSE_URL_USES} times`);
    respond(this.slack, found.target, body, 'response_url');
  }
}

/** Does what an answer says: by response_url, or with the acknowledgement of a command. */
export function respond(slack: Slack, target: ResponseTarget, body: unknown, via: 'ack' | 'response_url'): Ephemeral | JsonObject | undefined {
  const { workspace, place, user } = target;
  const parsed = ANSWER.safeParse(body);
  if (!parsed.success) throw refusal('invalid_payload', z.prettifyError(parsed.error));
  const answer = parsed.data;
  const message = target.messageTs === undefined ? undefined : place.find(target.messageTs);
  if (answer.delete_original === true) {
    if (message) void slack.remove(workspace, place, message);
    if (target.ephemeral) workspace.ephemerals.splice(workspace.ephemerals.indexOf(target.ephemeral), 1);
    return undefined;
  }
  const content = readContent(answer);
  if (answer.replace_original === true && message) {
    if (message.botId === undefined) throw new SlackError('cant_update_message');
    void slack.edit(workspace, place, message, { text: content.text, blocks: content.blocks ?? [] }, workspace.botUser.id);
    return undefined;
  }
  if (answer.replace_original === true && target.ephemeral) {
    target.ephemeral.text = content.text;
    target.ephemeral.blocks = content.blocks ?? [];
    return target.ephemeral;
  }
  const threadTs = answer.thread_ts ?? target.threadTs;
  if (answer.response_type === 'in_channel') {
    return slack.events.shape(workspace, place, slack.postAsBot(workspace, place, { text: content.text, blocks: content.blocks ?? [], threadTs }));
  }
  const ephemeral: Ephemeral = { ts: workspace.timestamps.next(), channel: place.id, user, text: content.text, blocks: content.blocks ?? [], threadTs, via };
  workspace.ephemerals.push(ephemeral);
  return ephemeral;
}
