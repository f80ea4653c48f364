/** Buttons, forms, commands and shortcuts. Each is acknowledged before anything else is done, except where the acknowledgement is the answer: then within two seconds, done or not. */
import type { AckFn, App, BlockAction, RespondFn, ViewOutput, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';

import { isMessageKey, say } from '../../core/language/say.js';
import type { ConversationId, ThreadRef } from '../../core/ids.js';
import type { Answer, ChatPerson, Form, SuggestedKind } from '../../core/ports/chat.js';
import type { PostAction } from '../../core/post.js';
import { DO, FOCUS, MORE, readDeed, SEARCH, UNFOLD, type Deed } from './actions.js';
import { answerBlocks, type Told } from './answers.js';
import { callPatiently } from './client.js';
import type { DeskSide } from './desk-side.js';
import { homeView, strangerView } from './home.js';
import { CHOOSE, complaintField, enteredIn, FILL, FORM, formView, optionsOf, readCarried, textBlocks, titleOf, waitingView, readingView, type Carried } from './modal.js';
import { incomingFile, type SlackMessage } from './messages.js';
import { MAX_FIELD_ERROR_CHARS, MAX_SELECT_OPTIONS } from './limits.js';
import { postRef, threadRef } from './refs.js';
import type { Spot } from './telling.js';
import { plain } from './text.js';
import { mentionedIn, toMarkdown } from './words.js';

/** A form that is not ready by then is announced by a window that says so; triggers live three seconds. In milliseconds. */
const QUICK_FORM_MS = 800;
/** Acknowledgements that carry the answer wait for it so long, in milliseconds. Slack gives up after 3 s. */
const QUICK_ANSWER_MS = 2_000;
/** The shortcut on a message, as in the manifest. */
export const SEND_TO_CUSTOMER = 'send_to_customer';
/** Where more can be done, but not what stands on the card already or needs a mail to speak of. */
const NOT_UNDER_MORE = new Set(['show', 'undo', 'reply', 'claim', 'release', 'arrived', 'send-again', 'edit', 'approve', 'send-back']);
const SUGGESTED: readonly SuggestedKind[] = ['template', 'assignee', 'conversation', 'label', 'priority', 'place', 'folder'];

interface FormWish {
  readonly verb: string;
  readonly eventId: string;
  readonly conversationId: ConversationId | undefined;
  readonly prefill: Readonly<Record<string, string>>;
  readonly focus?: string | undefined;
  /** Fetched while the window is open already. */
  readonly files?: SlackMessage['files'];
}

export class Interactions {
  constructor(private readonly side: DeskSide) {}

  listen(app: App): void {
    app.action(/.*/, async ({ ack, body, action, respond }) => {
      await ack();
      if (body.type !== 'block_actions') return;
      const beside = 'response_url' in body ? ephemerally(respond) : undefined;
      await this.#trying(body.user.id, beside, () => this.#pressed(body, action as unknown as PressedElement, (told) => respond({ replace_original: true, text: told.text, blocks: told.blocks }).then(() => undefined)));
    });
    app.command(/.*/, async ({ ack, command, respond }) => {
      await ack();
      const spot: Spot = {
        user: command.user_id, channel: command.channel_id, thread: undefined, trigger: command.trigger_id, view: undefined,
        // Works in channels that we are not in, too.
        replace: ephemerally(respond),
      };
      await this.#trying(spot.user, spot.replace, () => this.#commanded(command.text, spot));
    });
    app.shortcut(SEND_TO_CUSTOMER, async ({ ack, shortcut, respond }) => {
      await ack();
      if (shortcut.type === 'message_action') await this.#trying(shortcut.user.id, ephemerally(respond), () => this.#sendToCustomer(shortcut.user.id, shortcut.channel.id, shortcut.message, shortcut.trigger_id));
    });
    app.view<ViewSubmitAction>(FORM, async ({ ack, body, view }) => this.#submitted(body.user.id, view, ack));
    app.view({ callback_id: FORM, type: 'view_closed' }, async ({ ack, body, view }) => {
      await ack();
      await this.#closed(body.user.id, view);
    });
    app.options(/.*/, async ({ ack, body, options }) => {
      const kind = SUGGESTED.find((known) => options.action_id === `${CHOOSE}:${known}`);
      const person = kind && (await this.#admitted(body.user.id));
      await ack({ options: kind && person ? optionsOf(await this.side.events.suggest(person, kind, options.value, MAX_SELECT_OPTIONS)) : [] });
    });
    app.event('app_home_opened', async ({ event }) => {
      if (event.tab === 'home') await this.#publishHome(event.user);
    });
  }

  /** A person who did something is told when it went wrong, by a way that works without our token where there is one. */
  async #trying(user: string, tell: ((told: Told) => Promise<void>) | undefined, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { log, settings, telling, locale } = this.side;
      log.warn({ error, bridge: settings.name }, 'slack-event-failed');
      const told = answerBlocks({ text: say(locale(), 'chat.try-again'), items: [], actions: [] });
      await (tell ?? ((words) => telling.tell({ user, channel: undefined, thread: undefined, trigger: undefined, replace: undefined, view: undefined }, words)))(told).catch((untold: unknown) => log.warn({ error: untold, bridge: settings.name }, 'not-told'));
    }
  }

  async #pressed(body: BlockAction, element: PressedElement, replace: (told: Told) => Promise<void>): Promise<void> {
    const { container, channel, message, view } = body;
    const [prefix] = element.action_id.split(':');
    const parent = container['thread_ts'] ?? message?.['thread_ts'] ?? (container['is_ephemeral'] ? undefined : message?.ts);
    const spot: Spot = {
      user: body.user.id, channel: channel?.id, thread: typeof parent === 'string' ? parent : undefined, trigger: body.trigger_id,
      replace: container['is_ephemeral'] === true ? replace : undefined, view: view ? { id: view.id, type: view.type === 'home' ? 'home' : 'modal' } : undefined,
    };
    const person = await this.#admit(spot);
    if (!person) return;
    this.side.posting.touch(threadAt(spot));
    if (prefix === UNFOLD && channel && message) return this.#unfold(person, spot, postRef({ channel: channel.id, ts: message.ts }));
    if ((prefix === FILL || prefix === CHOOSE) && view?.type === 'modal') return this.#chosen(person, view);
    if (prefix === SEARCH) return this.#search(person, spot, element.value ?? '', body.trigger_id);
    const deed = readDeed(element.value ?? element.selected_option?.value ?? '');
    if (!deed) return;
    if (prefix === MORE) return this.#more(spot, deed);
    if (prefix === DO) await this.#deed(person, spot, deed, `do:${body.trigger_id}`);
  }

  async #deed(person: ChatPerson, spot: Spot, { verb, conversationId, revision, args }: Deed, eventId: string): Promise<void> {
    const { [FOCUS]: focus, ...values } = args;
    if (this.#needsForm(verb, values)) return this.#openForm(person, spot, { verb, eventId, conversationId, prefill: values, focus });
    const answer = await this.side.events.act({ person, eventId, thread: threadAt(spot), verb, args: values, conversationId, revision });
    if (answer.form && spot.trigger) return this.#show(spot, spot.trigger, answer.form);
    await this.side.telling.answer(spot, answer);
    if (spot.view?.type === 'home') await this.#publishHome(spot.user);
  }

  /** A template was chosen in a form: the form again, filled in, with what was typed. */
  async #chosen(person: ChatPerson, view: ViewOutput): Promise<void> {
    const carried = readCarried(view.private_metadata);
    if (!carried) return;
    const { verb, conversationId, revision, hidden, channel, thread } = carried;
    const values = { ...hidden, ...enteredIn(view) };
    const ask = (prefill: Readonly<Record<string, string>>): Promise<Form | Answer> => this.side.events.form({ person, eventId: `fill:${view.id}:${view.hash}`, thread: threadAt({ channel, thread }), verb, conversationId, prefill });
    const filled = await ask(values);
    const form = 'fields' in filled ? filled : await ask({ ...values, template: '' });
    if (!('fields' in form)) return;
    const facts = 'fields' in filled ? form.facts : [filled.text, ...form.facts];
    await this.#update(view.id, this.#draw({ ...form, facts, revision: revision ?? form.revision }, { channel, thread }, undefined, anewOf(view)));
  }

  /** Verbs with a form are asked for in it, unless all that they need is there. */
  #needsForm(verb: string, args: Readonly<Record<string, string>>): boolean {
    const known = this.side.events.verbs().find(({ name, aliases }) => name === verb || aliases.includes(verb));
    const required = known?.options.filter((option) => option.required) ?? [];
    return known?.form === true && (required.length === 0 || required.some(({ name }) => !args[name]));
  }

  /** Everything that can be done with a conversation, as buttons that only this person sees. */
  async #more(spot: Spot, { conversationId, revision, args }: Deed): Promise<void> {
    if (!conversationId) return;
    const locale = this.side.locale();
    const closed = args['status'] === 'closed';
    const actions = this.side.events.verbs().flatMap(({ name, onConversation }): PostAction[] => {
      const key = `verb.${name}`;
      if (!onConversation || NOT_UNDER_MORE.has(name) || !isMessageKey(key) || name === (closed ? 'close' : 'reopen')) return [];
      return [{ verb: name, label: say(locale, key), style: 'plain', conversationId, revision: revision ?? 0, args: {} }];
    });
    await this.side.telling.answer(spot, { text: say(locale, 'chat.what-else'), items: [], actions });
  }

  async #unfold(person: ChatPerson, spot: Spot, post: ReturnType<typeof postRef>): Promise<void> {
    const folded = await this.side.events.unfold(person, post);
    if (folded === undefined) return;
    if ('kind' in folded) return this.side.telling.answer(spot, folded);
    const locale = this.side.locale();
    const { trigger } = spot;
    if (trigger) await callPatiently('views.open', () => this.side.client.views.open({ trigger_id: trigger, view: readingView(titleOf(say(locale, 'mail.quoted')), textBlocks(folded.text), locale) }));
  }

  async #search(person: ChatPerson, spot: Spot, words: string, trigger: string): Promise<void> {
    if (words.trim() === '') return;
    await this.side.telling.answer(spot, await this.side.events.act({ person, eventId: `search:${trigger}`, thread: undefined, verb: 'find', args: { words }, conversationId: undefined, revision: undefined }));
  }

  /** "/mail reply 42" opens the form; "/mail reply 42 We send it today" does it. */
  async #commanded(text: string, spot: Spot): Promise<void> {
    const person = await this.#admit(spot);
    if (!person) return;
    const eventId = `command:${spot.trigger ?? ''}`;
    const [, said = '', number, rest = ''] = /^\/?(\S+)\s*(?:#?(\d{1,9})(?=\s|$))?\s*([^]*)$/.exec(text.trim()) ?? [];
    const verb = this.side.events.verbs().find(({ name, aliases }) => name === said.toLowerCase() || aliases.includes(said.toLowerCase()));
    if (verb?.form && rest === '' && (verb.onConversation ? number !== undefined : number === undefined)) {
      return this.#openForm(person, spot, { verb: verb.name, eventId, conversationId: undefined, prefill: number === undefined ? {} : { conversation: number } });
    }
    const answer = await this.side.events.command({ person, eventId, thread: undefined, text });
    if (answer.kind === 'form' && answer.form && spot.trigger) return this.#show(spot, spot.trigger, answer.form);
    await this.side.telling.answer(spot, answer);
  }

  async #sendToCustomer(user: string, channel: string, message: SlackMessage, trigger: string): Promise<void> {
    const spot: Spot = { user, channel, thread: message.thread_ts ?? message.ts, trigger, replace: undefined, view: undefined };
    const person = await this.#admit(spot);
    if (!person) return;
    const names = new Map(await Promise.all(mentionedIn(message.text ?? '').map(async (id) => [id, await this.side.people.nameOf(id)] as const)));
    const text = toMarkdown(message.text ?? '', (id) => names.get(id)).replace(/^!\S+\s*/, '');
    await this.#openForm(person, spot, { verb: 'reply', eventId: `shortcut:${trigger}`, conversationId: undefined, prefill: { text }, files: message.files });
  }

  async #openForm(person: ChatPerson, spot: Spot, wish: FormWish): Promise<void> {
    const { trigger } = spot;
    if (!trigger) return;
    const forming = this.#form(person, spot, wish);
    const quick = await Promise.race([forming, later(QUICK_FORM_MS)]);
    if (quick !== undefined) return 'fields' in quick ? this.#show(spot, trigger, quick, wish.focus) : this.side.telling.answer(spot, quick);
    const { view } = await callPatiently('views.open', () => this.side.client.views.open({ trigger_id: trigger, view: waitingView(this.side.locale()) }));
    const made = await forming;
    if (view?.id) await this.#update(view.id, 'fields' in made ? this.#draw(made, spot, wish.focus) : this.side.telling.view(answerBlocks(made)));
  }

  async #form(person: ChatPerson, spot: Spot, { verb, eventId, conversationId, prefill, files }: FormWish): Promise<Form | Answer> {
    const fetched = await Promise.all((files ?? []).map((file) => incomingFile(this.side, file)));
    return this.side.events.form({ person, eventId, thread: threadAt(spot), verb, conversationId, prefill, files: fetched.filter((file) => file !== undefined) });
  }

  #draw(form: Form, { channel, thread }: Pick<Spot, 'channel' | 'thread'>, focus?: string, anew?: string): ReturnType<typeof formView> {
    return formView(form, { channel, thread }, this.side.locale(), this.side.events.verbs(), focus ?? (form.fields.some(({ name }) => name === 'text') ? 'text' : form.fields[0]?.name), anew);
  }

  async #show(spot: Spot, trigger: string, form: Form, focus?: string): Promise<void> {
    const view = this.#draw(form, spot, focus);
    if (spot.view?.type === 'modal') await callPatiently('views.push', () => this.side.client.views.push({ trigger_id: trigger, view }));
    else await callPatiently('views.open', () => this.side.client.views.open({ trigger_id: trigger, view }));
  }

  async #update(id: string, view: ReturnType<typeof formView>): Promise<void> {
    await callPatiently('views.update', () => this.side.client.views.update({ view_id: id, view }));
  }

  async #submitted(user: string, view: ViewOutput, ack: AckFn<ViewResponseAction>): Promise<void> {
    const carried = readCarried(view.private_metadata);
    if (!carried) return ack();
    const spot: Spot = { user, channel: carried.channel, thread: carried.thread, trigger: undefined, replace: undefined, view: undefined };
    this.side.posting.touch(threadAt(spot));
    const acting = this.#act(spot, carried, view);
    const quick = await Promise.race([acting, later(QUICK_ANSWER_MS)]);
    if (quick === undefined) {
      await ack({ response_action: 'update', view: waitingView(this.side.locale()) });
      const answer = await acting;
      return this.#update(view.id, answer.form ? this.#draw(answer.form, spot, undefined, anewFor(answer, view)) : this.side.telling.view(answerBlocks(withEntered(answer, view))));
    }
    if (quick.form) return ack({ response_action: 'update', view: this.#draw(quick.form, spot, undefined, anewFor(quick, view)) });
    const field = complaintField(view);
    if (quick.kind === 'refused' && field) return ack({ response_action: 'errors', errors: { [field]: plain(quick.text, MAX_FIELD_ERROR_CHARS) } });
    if (quick.kind !== 'done' || carried.channel === undefined) return ack({ response_action: 'update', view: this.side.telling.view(answerBlocks(quick)) });
    await ack();
    await this.side.telling.answer(spot, quick);
  }

  async #act(spot: Spot, { verb, conversationId, revision, hidden }: Carried, view: ViewOutput): Promise<Answer> {
    const admission = await this.side.people.admit(spot.user, spot.thread !== undefined);
    if (!('person' in admission)) return { kind: 'refused', text: admission.refusal, items: [], actions: [], conversationId: undefined, form: undefined };
    return this.side.events.act({ person: admission.person, eventId: `view:${view.id}:${view.hash}`, thread: threadAt(spot), verb, args: { ...hidden, ...enteredIn(view) }, conversationId, revision });
  }

  async #closed(user: string, view: ViewOutput): Promise<void> {
    const carried = readCarried(view.private_metadata);
    const person = carried?.conversationId && (await this.#admitted(user));
    if (person && carried?.conversationId) await this.side.events.formClosed(person, carried.conversationId);
  }

  async #publishHome(user: string): Promise<void> {
    const admission = await this.side.people.admit(user);
    const home = 'person' in admission ? await this.side.events.home(admission.person) : undefined;
    const refusal = 'refusal' in admission ? admission.refusal : say(this.side.locale(), 'refused.unknown-agent');
    await callPatiently('views.publish', () => this.side.client.views.publish({ user_id: user, view: home ? homeView(home) : strangerView(refusal) }));
  }

  async #admitted(user: string): Promise<ChatPerson | undefined> {
    const admission = await this.side.people.admit(user);
    return 'person' in admission ? admission.person : undefined;
  }

  async #admit(spot: Spot): Promise<ChatPerson | undefined> {
    const admission = await this.side.people.admit(spot.user, spot.thread !== undefined);
    if ('person' in admission) return admission.person;
    await this.side.telling.words(spot, admission.refusal);
    return undefined;
  }
}

interface PressedElement {
  readonly action_id: string;
  readonly value?: string;
  readonly selected_option?: { readonly value?: string };
}

/** By the address that Slack gave for answers to what a person did. */
const ephemerally = (respond: RespondFn) => (told: Told): Promise<void> => respond({ response_type: 'ephemeral', replace_original: false, text: told.text, blocks: told.blocks }).then(() => undefined);

const later = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

const threadAt = ({ channel, thread }: Pick<Spot, 'channel' | 'thread'>): ThreadRef | undefined => (channel !== undefined && thread !== undefined ? threadRef({ channel, ts: thread }) : undefined);

/** A word for this state of a window. */
const anewOf = ({ hash }: Pick<ViewOutput, 'hash'>): string => hash.replace(/\W/g, '');
/** A form that was held comes back with what was typed; one that was filled in shows that. */
const anewFor = ({ kind }: Pick<Answer, 'kind'>, view: ViewOutput): string | undefined => (kind === 'form' ? anewOf(view) : undefined);

/** The window was taken away while the desk was busy: what was refused is shown with what had been written, so that it can be copied. */
function withEntered(answer: Answer, view: ViewOutput): Answer {
  const text = answer.kind === 'refused' ? enteredIn(view)['text'] : undefined;
  return text === undefined ? answer : { ...answer, items: [...answer.items, { title: '', text, url: undefined, action: undefined }] };
}
