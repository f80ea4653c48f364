/** Tells a person something, to them alone: in the thread or channel where they are, else in a window, else in a direct message. */
import type { types } from '@slack/bolt';

import { BridgeError } from '../../core/errors.js';
import type { Locale } from '../../core/model.js';
import type { Answer } from '../../core/ports/chat.js';
import { answerBlocks, type Told } from './answers.js';
import { callPatiently, type Client } from './client.js';
import { slackCode } from './errors.js';
import { readingView, titleOf } from './modal.js';

/** Where a person is and what can be opened for them there. */
export interface Spot {
  readonly user: string;
  readonly channel: string | undefined;
  /** Timestamp of the thread's first post. */
  readonly thread: string | undefined;
  /** Opens one window, within three seconds. */
  readonly trigger: string | undefined;
  /** They did it in a message that only they see: it is replaced, so that its buttons are not pressed twice. */
  readonly replace: ((told: Told) => Promise<void>) | undefined;
  /** They did it in an open window. */
  readonly view: { readonly id: string; readonly type: 'modal' | 'home' } | undefined;
}

/** Only this person is not there. */
const ABSENT = new Set(['user_not_in_channel', 'not_in_channel', 'channel_not_found', 'is_archived']);

export class Telling {
  constructor(
    private readonly client: Client,
    private readonly locale: () => Locale,
  ) {}

  async answer(spot: Spot, answer: Pick<Answer, 'text' | 'items' | 'actions'>): Promise<void> {
    await this.tell(spot, answerBlocks(answer));
  }

  async words(spot: Spot, text: string): Promise<void> {
    await this.answer(spot, { text, items: [], actions: [] });
  }

  async tell(spot: Spot, told: Told): Promise<void> {
    if (spot.replace) return spot.replace(told);
    if (spot.view) return this.#inWindow(spot, told);
    if (spot.channel === undefined) return this.#directly(spot.user, told);
    const { channel, user, thread } = spot;
    try {
      await callPatiently('chat.postEphemeral', () => this.client.chat.postEphemeral({ channel, user, text: told.text, blocks: told.blocks, parse: 'none', link_names: false, ...(thread ? { thread_ts: thread } : {}) }));
    } catch (error) {
      if (!(error instanceof BridgeError) || !ABSENT.has(slackCode(error.cause) ?? '')) throw error;
      await this.#directly(user, told);
    }
  }

  /** What a window shows of an answer. */
  view({ text, blocks }: Told): types.ModalView {
    return readingView(titleOf(text), blocks, this.locale());
  }

  async #inWindow({ view, trigger, user }: Spot, told: Told): Promise<void> {
    if (view?.type === 'modal') await callPatiently('views.update', () => this.client.views.update({ view_id: view.id, view: this.view(told) }));
    else if (trigger) await callPatiently('views.open', () => this.client.views.open({ trigger_id: trigger, view: this.view(told) }));
    else await this.#directly(user, told);
  }

  async #directly(user: string, { text, blocks }: Told): Promise<void> {
    await callPatiently('chat.postMessage', () => this.client.chat.postMessage({ channel: user, text, blocks, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false }));
  }
}
