import { checkOptions } from './check-blocks.js';
import type { Conversation } from './conversation.js';
import { controlIn, isView, type Which } from './controls.js';
import type { EnvelopeKind, Outcome } from './delivery.js';
import { isObject, objectsAt, type JsonObject } from './json.js';
import * as limits from './limits.js';
import { typeOfName } from './methods/files.js';
import { shown } from './methods/views.js';
import type { Ephemeral, Message, SlackFile, User } from './model.js';
import { typed } from './mrkdwn.js';
import { actionOf, channelOf, commandPayload, interaction, surroundingsOf } from './payloads.js';
import { respond } from './response-urls.js';
import type { Slack } from './slack.js';
import { obey } from './submission.js';
import { unixSeconds } from './timestamps.js';
import { complaintsOf, controlsOf, entered, type Entry, type View } from './views.js';
import { describeFaults, SlackError } from './violations.js';
import type { Workspace } from './workspace.js';

/** A message by its place and timestamp; a `Message` is one. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

export interface SayOptions {
  readonly thread_ts?: string;
  /** Also shown in the channel. */
  readonly broadcast?: boolean;
  readonly files?: readonly { readonly name: string; readonly bytes: Buffer; readonly title?: string }[];
  /** The text is markup as it travels ("<@U…>"), not what is typed. */
  readonly raw?: boolean;
  /** Resolve at once, not when the app has acknowledged. */
  readonly wait?: boolean;
}

/** What became of the events that something caused. */
export interface Told {
  /** Every event was acknowledged, and there was one. */
  readonly acked: boolean;
  /** Until the last acknowledgement. */
  readonly ms: number;
  /** One for each event; a mention of the bot makes two. None when the app does not hear of it. */
  readonly outcomes: readonly Outcome[];
}

export interface Said extends Told {
  readonly message: Message;
  readonly ts: string;
}

export interface CommandOutcome extends Outcome {
  /** What the acknowledgement showed: a private message, or the message in the channel. */
  readonly reply: Ephemeral | JsonObject | undefined;
}

export interface SubmitOutcome extends Outcome {
  /** block_id -> complaint, from the app; or from Slack's client, which then sent nothing (`tries` is 0). */
  readonly errors: Readonly<Record<string, string>> | undefined;
  /** What the person sees afterwards; undefined when all is closed. */
  readonly view: View | undefined;
}

/** Somebody who uses Slack. Everything resolves when the app has acknowledged it or has let it time out. */
export class Person {
  constructor(
    private readonly slack: Slack,
    private readonly workspace: Workspace,
    readonly user: User,
  ) {}

  get id(): string {
    return this.user.id;
  }

  /** The direct conversation with the bot. */
  get direct(): Conversation {
    return this.workspace.directWith(this.id);
  }

  /** The modal that the person looks at. */
  get view(): View | undefined {
    return this.workspace.modals.get(this.id)?.at(-1);
  }

  get home(): View | undefined {
    return this.workspace.homes.get(this.id);
  }

  /** Private messages of the app to this person, oldest first. */
  get ephemerals(): readonly Ephemeral[] {
    return this.workspace.ephemerals.filter((one) => one.user === this.id);
  }

  /** Writes a message, as typed: links and addresses are marked up, `@handle` and `#channel` become mentions. */
  async say(channel: string | Conversation, text: string, options: SayOptions = {}): Promise<Said> {
    const place = this.place(channel);
    if (!place.members.has(this.id)) throw new Error(`${this.user.name} is not in #${place.name}`);
    if (place.archived) throw new Error(`#${place.name} is archived`);
    const files = (options.files ?? []).map((file) => this.file(file.name, file.bytes, file.title));
    const draft = { text: options.raw === true ? text : typed(text, this.workspace), threadTs: options.thread_ts, broadcast: options.broadcast, files };
    const { message, outcomes } = this.slack.post(this.workspace, place, this.user, draft);
    return { message, ts: message.ts, ...(await this.told(outcomes, options.wait)) };
  }

  /** Writes a message that starts with the bot's name. */
  mention(channel: string | Conversation, text: string, options: SayOptions = {}): Promise<Said> {
    return this.say(channel, `@${this.workspace.botUser.name} ${text}`, options);
  }

  async edit(ref: MessageRef, text: string): Promise<Told> {
    const { place, message } = this.find(ref);
    if (message.user !== this.id) throw new Error('people edit their own messages only');
    return this.told(this.slack.edit(this.workspace, place, message, { text: typed(text, this.workspace), blocks: [] }, this.id));
  }

  async delete(ref: MessageRef): Promise<Told> {
    const { place, message } = this.find(ref);
    return this.told(this.slack.remove(this.workspace, place, message));
  }

  /** @param emoji without colons: "eyes" */
  async react(ref: MessageRef, emoji: string): Promise<Told> {
    return this.reaction(ref, emoji, true);
  }

  async unreact(ref: MessageRef, emoji: string): Promise<Told> {
    return this.reaction(ref, emoji, false);
  }

  async join(channel: string | Conversation): Promise<Told> {
    const place = this.place(channel);
    place.members.add(this.id);
    const joined = this.slack.events.announce(this.workspace, { type: 'member_joined_channel', user: this.id, channel: place.id, channel_type: place.isPrivate ? 'G' : 'C', team: this.workspace.id, event_ts: this.workspace.timestamps.next() }, place);
    const { outcomes } = this.slack.post(this.workspace, place, this.user, { text: `<@${this.id}> has joined the channel`, subtype: 'channel_join' });
    return this.told([...(joined ? [joined] : []), ...outcomes]);
  }

  async leave(channel: string | Conversation): Promise<Told> {
    const place = this.place(channel);
    place.members.delete(this.id);
    const left = this.slack.events.announce(this.workspace, { type: 'member_left_channel', user: this.id, channel: place.id, channel_type: place.isPrivate ? 'G' : 'C', team: this.workspace.id, event_ts: this.workspace.timestamps.next() }, place);
    return this.told(left ? [left] : []);
  }

  /** Types a slash command. There is no such thing inside of threads (bolt-js#1816). */
  async command(command: string, text: string, channel: string | Conversation): Promise<CommandOutcome> {
    const place = this.place(channel);
    const known = this.slack.options.commands;
    if (known && !known.includes(command)) throw new Error(`${command} is not a valid command; the app has ${known.join(', ')}`);
    if (!this.workspace.scopes.has('commands')) throw new Error('the app has lost the scope "commands"');
    const target = { workspace: this.workspace, place, user: this.id };
    const payload = commandPayload(command, text, this.user, place, this.workspace, this.slack.triggers.issue(this.id), this.slack.responseUrls.issue(target));
    const outcome = await this.send('slash_commands', command, payload);
    const reply = outcome.payload === undefined ? undefined : this.checked(() => respond(this.slack, target, outcome.payload, 'ack'));
    return { ...outcome, reply };
  }

  /** Presses a button or chooses from a menu: in a message, a private message, a modal or the home tab. `entry` is what is chosen. */
  async press(target: Message | Ephemeral | View, which: Which, entry?: Entry): Promise<Outcome> {
    const control = controlIn(target, which);
    const value = entry === undefined || control.element['type'] === 'overflow' ? undefined : entered(control.element, entry);
    if (isView(target) && value) (target.state[control.blockId] ??= {})[control.actionId] = value;
    const action = actionOf(control, value, entry, this.workspace.timestamps.next());
    return this.send('interactive', 'block_actions', interaction('block_actions', this.user, this.workspace, { ...surroundingsOf(this.slack, this.workspace, this.user, target, control, value), actions: [action] }));
  }

  /** Asks the app for the options of an external menu. */
  async suggest(target: Message | View, which: Which, text: string): Promise<Outcome & { readonly options: readonly JsonObject[] }> {
    const control = controlIn(target, which);
    const { trigger_id: _, response_url: __, ...surroundings } = surroundingsOf(this.slack, this.workspace, this.user, target, control, undefined);
    const payload = interaction('block_suggestion', this.user, this.workspace, { ...surroundings, action_id: control.actionId, block_id: control.blockId, value: text });
    const outcome = await this.send('interactive', 'block_suggestion', payload);
    const answer = isObject(outcome.payload) ? outcome.payload : {};
    const groups = objectsAt(answer, 'option_groups');
    const faults = groups.length > 0 ? groups.flatMap((group, index) => checkOptions(group, `/option_groups/${index}`, limits.MAX_OPTIONS, 0)) : checkOptions(answer, '', limits.MAX_OPTIONS, 0);
    if (outcome.acked && faults.length > 0) this.slack.report({ method: 'ack', rule: 'invalid_options', detail: describeFaults(faults).join('; ') });
    return { ...outcome, options: groups.length > 0 ? groups.flatMap((group) => objectsAt(group, 'options')) : objectsAt(answer, 'options') };
  }

  /** Enters something in a modal without sending it. */
  fill(view: View, which: Which, entry: Entry): void {
    const control = controlIn(view, which);
    (view.state[control.blockId] ??= {})[control.actionId] = entered(control.element, entry);
  }

  /** Fills in (by block_id or action_id) and presses the modal's submit button. Slack's client first looks for what is missing or too long. */
  async submit(view: View, values: Readonly<Record<string, Entry>> = {}): Promise<SubmitOutcome> {
    const controls = controlsOf(objectsAt(view.content, 'blocks'));
    for (const [key, entry] of Object.entries(values)) {
      const control = controls.find((one) => one.blockId === key) ?? controls.find((one) => one.actionId === key);
      if (!control) throw new Error(`the modal has no block or action "${key}"; it has: ${controls.map((one) => `${one.blockId}/${one.actionId}`).join(', ')}`);
      (view.state[control.blockId] ??= {})[control.actionId] = entered(control.element, entry);
    }
    const complaints = complaintsOf(view);
    if (Object.keys(complaints).length > 0) return { acked: false, ms: 0, payload: undefined, failure: 'incomplete', tries: 0, errors: complaints, view };
    const payload = interaction('view_submission', this.user, this.workspace, { trigger_id: this.slack.triggers.issue(this.id, view.id), view: shown(this.workspace, view), response_urls: [] });
    const outcome = await this.send('interactive', 'view_submission', payload);
    const errors = outcome.acked ? this.checked(() => obey(this.slack, this.workspace, this.id, view, isObject(outcome.payload) ? outcome.payload : {})) : undefined;
    return { ...outcome, errors, view: this.view };
  }

  /** Closes the modal on top, or (with the X) all of them. */
  async close(view: View, all = false): Promise<Outcome | undefined> {
    const stack = this.workspace.modals.get(this.id) ?? [];
    const cleared = all || view.content['clear_on_close'] === true;
    this.workspace.modals.set(this.id, cleared ? [] : stack.filter((one) => one !== view));
    if (view.content['notify_on_close'] !== true) return undefined;
    return this.send('interactive', 'view_closed', interaction('view_closed', this.user, this.workspace, { view: shown(this.workspace, view), is_cleared: cleared }));
  }

  /** Uses a shortcut: on a message, or a global one. */
  async shortcut(callbackId: string, ref?: MessageRef): Promise<Outcome> {
    const same = { callback_id: callbackId, trigger_id: this.slack.triggers.issue(this.id), action_ts: this.workspace.timestamps.next() };
    if (!ref) return this.send('interactive', 'shortcut', interaction('shortcut', this.user, this.workspace, same));
    const { place, message } = this.find(ref);
    const responseUrl = this.slack.responseUrls.issue({ workspace: this.workspace, place, user: this.id, messageTs: message.ts, threadTs: message.threadTs });
    const rest = { ...same, channel: channelOf(place), message_ts: message.ts, message: this.slack.events.shape(this.workspace, place, message), response_url: responseUrl };
    return this.send('interactive', 'message_action', interaction('message_action', this.user, this.workspace, rest));
  }

  /** Opens the app's home tab (or its messages). */
  async openHome(tab: 'home' | 'messages' = 'home'): Promise<Told> {
    const view = this.home;
    const event = { type: 'app_home_opened', user: this.id, channel: this.direct.id, tab, event_ts: this.workspace.timestamps.next(), ...(view && tab === 'home' ? { view: shown(this.workspace, view) } : {}) };
    const sent = this.slack.events.announce(this.workspace, event);
    return this.told(sent ? [sent] : []);
  }

  /** Runs what an acknowledgement asks for; what Slack would refuse is recorded, and the person sees an error. */
  private checked<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      this.slack.report({ method: 'ack', rule: error.code, detail: error.violation ?? error.code });
      return undefined;
    }
  }

  private async reaction(ref: MessageRef, emoji: string, add: boolean): Promise<Told> {
    const { place, message } = this.find(ref);
    return this.told(this.slack.react(this.workspace, place, message, emoji, this.id, add) ?? []);
  }

  private async send(kind: EnvelopeKind, name: string, payload: JsonObject): Promise<Outcome> {
    return this.slack.delivery.once({ kind, name, payload });
  }

  private async told(outcomes: readonly Promise<Outcome>[], wait = true): Promise<Told> {
    if (!wait) return { acked: false, ms: 0, outcomes: [] };
    const all = await Promise.all(outcomes);
    return { acked: all.length > 0 && all.every((outcome) => outcome.acked), ms: Math.max(0, ...all.map((outcome) => outcome.ms)), outcomes: all };
  }

  private place(channel: string | Conversation): Conversation {
    if (typeof channel !== 'string') return channel;
    const place = this.workspace.findConversation(channel);
    if (!place) throw new Error(`there is no channel ${channel}`);
    return place;
  }

  private find(ref: MessageRef): { readonly place: Conversation; readonly message: Message } {
    const place = this.place(ref.channel);
    const message = place.find(ref.ts);
    if (!message) throw new Error(`there is no message ${ref.ts} in #${place.name}`);
    return { place, message };
  }

  private file(name: string, bytes: Buffer, title = name): SlackFile {
    const file: SlackFile = {
      id: this.workspace.ids.next('F'),
      name,
      title,
      mimetype: typeOfName(name),
      altText: undefined,
      snippetType: undefined,
      user: this.id,
      created: unixSeconds(),
      bytes,
      declaredLength: bytes.length,
      complete: true,
      deleted: false,
      shares: [],
    };
    this.workspace.files.set(file.id, file);
    return file;
  }
}
