/** Slash commands, buttons, forms and menus: acknowledged within Discord's three seconds, handed on, answered to the one who asked alone. */
import { ApplicationCommandType, ButtonStyle, ChannelType, ComponentType, InteractionResponseType, InteractionType, MessageFlags, Routes } from 'discord.js';

import type { Locale } from '../../core/model.js';
import type { Answer, ChatEvents, Form, Speech, SuggestedKind, VerbDescription } from '../../core/ports/chat.js';
import { say } from '../../core/language/say.js';
import { answerBody, hiddenArgs, type Said } from './answers.js';
import { CONVERSATION } from './commands.js';
import type { Pressed } from './custom-ids.js';
import type { DeskSide } from './desk-side.js';
import { CODE, codeOf } from './errors.js';
import { fetchFiles } from './files.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { DEFER_AFTER_MS, FIRST_ANSWER_MS, MAX_CHOICES, MAX_INPUT_CHARS, MAX_OPTION_CHARS, TOKEN_MS } from './limits.js';
import { filledIn, modalOf } from './modals.js';
import { moreMenu } from './more.js';
import { BRIDGE, isStaff, localeOf, personOf } from './people.js';
import { userIn } from './gateway.js';
import { NO_MENTIONS, oneLine, visible } from './plain-text.js';
import { inRows } from './render.js';
import { threadRef, timeOf } from './refs.js';
import { templateChosen, templateMenu } from './templates.js';

export interface InteractionNeeds extends DeskSide {
  readonly now: () => number;
}

/** A form that is not there by then is offered as a button instead: a modal must be the first answer. In milliseconds. */
const FORM_PATIENCE_MS = FIRST_ANSWER_MS - 1_000;
/** An acknowledgement that Discord's side dropped is sent once more, in milliseconds. */
const AGAIN_AFTER_MS = 150;
const TOO_OLD: readonly (number | undefined)[] = [CODE.invalidWebhookToken, CODE.unknownWebhook, CODE.unknownInteraction];
const THREADS: readonly unknown[] = [ChannelType.PublicThread, ChannelType.PrivateThread, ChannelType.AnnouncementThread];

export function createInteractions({ api, events, ids, settings, groupsOf, log, locale: deskLocale, now }: InteractionNeeds): (data: Json) => Promise<void> {
  const verbOf = (name: string): VerbDescription | undefined => events.verbs().find((verb) => verb.name === name);

  return async function handle(data) {
    const locale = localeOf(data, deskLocale());
    const thread = THREADS.includes(objectIn(data, 'channel')['type']) ? threadRef(textIn(data, 'channel_id') ?? '') : undefined;
    const speech: Speech = { person: personOf(data, groupsOf), eventId: textIn(data, 'id') ?? '', thread };
    if (data['type'] === InteractionType.ApplicationCommandAutocomplete) return complete(data, speech);
    if (!isStaff(data, settings)) return tell(data, locale, Promise.resolve(refusal(say(locale, 'refused.not-staff'))));
    switch (data['type']) {
      case InteractionType.ApplicationCommand:
        return objectIn(data, 'data')['type'] === ApplicationCommandType.Message ? sendToCustomer(data, speech, locale) : command(data, speech, locale);
      case InteractionType.MessageComponent:
        return pressed(data, speech, locale);
      case InteractionType.ModalSubmit: {
        const form = ids.read(textIn(objectIn(data, 'data'), 'custom_id') ?? '');
        if (!form) return tell(data, locale, Promise.resolve(refusal(say(locale, 'chat.button-too-old'))));
        const args = { ...form.args, ...filledIn(objectIn(data, 'data')) };
        return tell(data, locale, events.act({ ...speech, verb: form.verb, args, conversationId: form.conversationId, revision: form.revision }), { verb: form.verb, args: withoutHidden(args) });
      }
      default:
    }
  };

  async function command(data: Json, speech: Speech, locale: Locale): Promise<void> {
    const name = textIn(objectIn(data, 'data'), 'name') ?? '';
    const args: Record<string, string> = {};
    for (const option of listIn(data['data'], 'options')) {
      const value = option['value'];
      if (value !== false && (typeof value === 'string' || typeof value === 'number' || value === true)) args[textIn(option, 'name') ?? ''] = String(value);
    }
    const verb = verbOf(name);
    const asked = Object.keys(args).filter((option) => option !== CONVERSATION);
    const isComplete = asked.length > 0 && (verb?.options.every(({ name: option, required }) => !required || args[option] !== undefined) ?? true);
    if (verb?.form && !isComplete) return openForm(data, speech, locale, { verb: name, conversationId: undefined, prefill: args });
    return tell(data, locale, events.act({ ...speech, verb: name, args, conversationId: undefined, revision: undefined }), verb?.form ? { verb: name, args } : undefined);
  }

  async function sendToCustomer(data: Json, speech: Speech, locale: Locale): Promise<void> {
    const target = objectIn(objectIn(objectIn(data['data'], 'resolved'), 'messages'), textIn(objectIn(data, 'data'), 'target_id') ?? '');
    const prefill = { text: visible(textIn(target, 'content') ?? '').slice(0, MAX_INPUT_CHARS) };
    const forming = fetchFiles(listIn(target, 'attachments')).then(async ({ files, lost }) => {
      const form = await events.form({ ...speech, verb: 'reply', conversationId: undefined, prefill, files });
      return 'fields' in form ? { ...form, facts: [...form.facts, ...lost.map((file) => say(locale, 'chat.file-not-taken', { file }))] } : form;
    });
    return showForm(data, locale, forming, prefill);
  }

  async function pressed(data: Json, speech: Speech, locale: Locale): Promise<void> {
    const button = ids.read(textIn(objectIn(data, 'data'), 'custom_id') ?? '');
    if (!button) return tell(data, locale, Promise.resolve(refusal(say(locale, 'chat.button-too-old'))));
    const { verb, conversationId } = button;
    const args = withoutHidden(button.args);
    switch (button.kind) {
      case 'more':
        return tellBody(data, Promise.resolve(moreMenu(events.verbs(), button, ids, locale)));
      case 'edit': {
        const undoing = events.act({ ...speech, verb: 'undo', args: { message: button.args[':undo'] ?? '' }, conversationId, revision: undefined });
        return showForm(data, locale, undoing.then((undone) => (undone.kind === 'done' ? events.form({ ...speech, verb, conversationId, prefill: args }) : undone)), args);
      }
      case 'template':
        return tellBody(data, events.form({ ...speech, verb, conversationId, prefill: {} }).then((form) => ('fields' in form ? templateMenu(form, button, ids, locale) : answerBody(form, { ids, locale }, 'private'))));
      case 'pick':
        return showForm(data, locale, templateChosen(events, speech, button, chosenIn(data)), {});
      case 'form':
        return openForm(data, speech, locale, { verb, conversationId, prefill: args }, button);
      case 'verb':
        return pressedVerb(data, speech, locale, { ...button, verb: chosenIn(data), args: {} });
      case 'do':
      case 'send':
        return pressedVerb(data, speech, locale, button);
    }
  }

  function pressedVerb(data: Json, speech: Speech, locale: Locale, { verb, conversationId, revision, args }: Pressed): Promise<void> {
    const known = withoutHidden(args);
    if (needsForm(verbOf(verb), known)) return openForm(data, speech, locale, { verb, conversationId, prefill: known });
    return tell(data, locale, events.act({ ...speech, verb, args, conversationId, revision }));
  }

  /** @param held the form was stopped: it comes back with what is new above it, and sending it again sends anyway */
  async function openForm(data: Json, speech: Speech, locale: Locale, asked: Pick<Parameters<ChatEvents['form']>[0], 'verb' | 'conversationId' | 'prefill'>, held?: Pressed): Promise<void> {
    const forming = events.form({ ...speech, ...asked });
    return showForm(data, locale, held ? forming.then((form) => ('fields' in form ? asBefore(form, held) : form)) : forming, asked.prefill);
  }

  /** A form opens at once or not at all; one that comes late is offered as a button. */
  async function showForm(data: Json, locale: Locale, forming: Promise<Form | Answer>, prefill: Readonly<Record<string, string>>): Promise<void> {
    const formOrAnswer = await within(forming, FORM_PATIENCE_MS);
    if (formOrAnswer === undefined) {
      const offered = forming.then((late): Json => ('fields' in late ? offerOf(late, prefill) : answerBody(late, { ids, locale }, 'private')));
      return tellBody(data, offered);
    }
    if (!('fields' in formOrAnswer)) return tell(data, locale, Promise.resolve(formOrAnswer));
    await callback(data, { type: InteractionResponseType.Modal, data: modalOf(formOrAnswer, ids) });
  }

  async function complete(data: Json, speech: Speech): Promise<void> {
    const name = textIn(objectIn(data, 'data'), 'name') ?? '';
    const focused = listIn(data['data'], 'options').find((option) => option['focused'] === true);
    const option = textIn(focused, 'name') ?? '';
    const kind = verbOf(name)?.options.find((known) => known.name === option)?.kind ?? (option === CONVERSATION ? 'conversation' : undefined);
    const isSuggested = (known: typeof kind): known is SuggestedKind => known !== undefined && known !== 'text' && known !== 'flag';
    const choices = isSuggested(kind) && isStaff(data, settings) ? ((await within(events.suggest(speech.person, kind, textIn(focused, 'value') ?? '', MAX_CHOICES), FORM_PATIENCE_MS)) ?? []) : [];
    await callback(data, { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices: choices.slice(0, MAX_CHOICES).map(({ value, label }) => ({ name: oneLine(label, MAX_OPTION_CHARS) || value, value: value.slice(0, MAX_OPTION_CHARS) })) } });
  }

  function tell(data: Json, locale: Locale, answering: Promise<Answer>, written?: Said['written']): Promise<void> {
    return tellBody(data, answering.then((answer) => answerBody(answer, { ids, locale, ...(written && { written }) }, 'private')));
  }

  /** At once when it is quick, else after "is thinking"; as a normal message when the token has run out. */
  async function tellBody(data: Json, answering: Promise<Json>): Promise<void> {
    const quick = await within(answering, DEFER_AFTER_MS);
    if (quick) {
      if (!(await callback(data, { type: InteractionResponseType.ChannelMessageWithSource, data: quick }))) await tellLate(data, quick);
      return;
    }
    const acknowledged = await callback(data, { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } });
    const body = await answering;
    const isOver = now() - timeOf(textIn(data, 'id') ?? '0').getTime() > TOKEN_MS;
    if (!acknowledged || isOver) return tellLate(data, body);
    const { content, components, allowed_mentions, embeds } = body;
    try {
      await api.request('patch', Routes.webhookMessage(textIn(data, 'application_id') ?? '', textIn(data, 'token') ?? ''), 'answer an interaction', { body: { content, components, allowed_mentions, ...(embeds !== undefined && { embeds }) }, open: true });
    } catch (error) {
      if (!TOO_OLD.includes(codeOf(error))) log.warn({ error, interaction: data['id'] }, 'discord-answer-failed');
      await tellLate(data, body);
    }
  }

  /** In a conversation's thread everybody who reads it may read the answer; elsewhere it goes to the one who asked, in a direct message. */
  async function tellLate(data: Json, body: Json): Promise<void> {
    const channelId = textIn(data, 'channel_id');
    if (!channelId) return;
    if (await events.conversationOf(BRIDGE, threadRef(channelId))) return postLate(data, channelId, body);
    try {
      const { id } = await api.request<Json>('post', Routes.userChannels(), 'open a direct message', { patient: true, body: { recipient_id: textIn(userIn(data), 'id') ?? '' } });
      await postLate(data, String(id), body);
    } catch (error) {
      log.warn({ error, interaction: data['id'] }, 'discord-answer-not-told');
      await postLate(data, channelId, { content: say(localeOf(data, deskLocale()), 'chat.try-again'), components: [] });
    }
  }

  async function postLate(data: Json, channelId: string, { content, components, embeds }: Json): Promise<void> {
    await api.request('post', Routes.channelMessages(channelId), 'answer late', { patient: true, body: { content, components, allowed_mentions: NO_MENTIONS, ...(embeds === undefined ? { flags: MessageFlags.SuppressEmbeds } : { embeds }), nonce: `late${textIn(data, 'id') ?? ''}`.slice(0, 25), enforce_nonce: true } });
  }

  /** @returns false when the interaction is over */
  async function callback(data: Json, body: Json): Promise<boolean> {
    const route = Routes.interactionCallback(textIn(data, 'id') ?? '', textIn(data, 'token') ?? '');
    for (const isLast of [false, true]) {
      try {
        await api.request('post', route, 'answer an interaction', { body, open: true, query: new URLSearchParams({ with_response: 'false' }) });
        return true;
      } catch (error) {
        // The first try arrived, and only its answer was lost.
        if (codeOf(error) === CODE.acknowledged) return true;
        if (codeOf(error) === CODE.unknownInteraction) return false;
        if (isLast) {
          log.warn({ error, interaction: data['id'] }, 'discord-callback-failed');
          return false;
        }
        await new Promise((done) => setTimeout(done, AGAIN_AFTER_MS));
      }
    }
    return false;
  }

  function offerOf(form: Form, prefill: Readonly<Record<string, string>>): Json {
    const values = Object.fromEntries(form.fields.map(({ name, initial }) => [name, initial]));
    const button = {
      type: ComponentType.Button, style: ButtonStyle.Primary, label: oneLine(form.title, MAX_OPTION_CHARS / 2),
      custom_id: ids.write({ kind: 'form', verb: form.verb, conversationId: form.conversationId, revision: form.revision, args: { ...prefill, ...values, ...hiddenArgs(form) } }),
    };
    return { content: oneLine(form.title, MAX_OPTION_CHARS), allowed_mentions: NO_MENTIONS, flags: MessageFlags.Ephemeral, components: inRows([button]) };
  }
}

/** Verbs with a form are asked for in it, unless all that they need is there. */
function needsForm(verb: VerbDescription | undefined, args: Readonly<Record<string, string>>): boolean {
  const required = verb?.options.filter((option) => option.required) ?? [];
  return verb?.form === true && (required.length === 0 || required.some(({ name }) => !args[name]));
}

/** As it was when it was stopped: hidden values, revision and what is new, which travel with the button under names that begin with a colon. */
function asBefore(form: Form, { args, revision }: Pressed): Form {
  const hidden = Object.fromEntries(Object.entries(args).filter(([name]) => name.startsWith(':') && name !== ':submit' && name !== ':facts').map(([name, value]) => [name.slice(1), value]));
  const facts = args[':facts'];
  return { ...form, revision: revision ?? form.revision, hidden: { ...form.hidden, ...hidden }, facts: facts === undefined ? form.facts : facts.split('\n') };
}

const withoutHidden = (args: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(args).filter(([name]) => !name.startsWith(':') && name !== 'anyway'));

/** The entry of a menu. */
function chosenIn(data: Json): string {
  const { values } = objectIn(data, 'data');
  return Array.isArray(values) ? String(values[0] ?? '') : '';
}

const refusal = (text: string): Answer => ({ kind: 'refused', text, items: [], actions: [], conversationId: undefined, form: undefined });

async function within<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

