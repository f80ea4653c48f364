/**
 * The door that every chat platform comes in by: who somebody is, what their words mean, what a form asks, what they are told, in their language. What is the same on every platform is
 * here once, so that a bridge only renders and translates.
 */
import type { CommandCall, CommandOutcome } from '../core/calls.js';
import type { ConversationId, MessageId, PostRef } from '../core/ids.js';
import type { Agent, Desk, Locale, StoredFile } from '../core/model.js';
import { LOCALES } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { say } from '../core/language/say.js';
import { demand } from '../core/permissions.js';
import { deskInSight, sightOf } from '../core/sight.js';
import { standing } from '../core/standing.js';
import type { Answer, ChatEvents, ChatPerson, Form, IncomingFile, Speech, VerbDescription } from '../core/ports/chat.js';
import type { Blobs, Clock, Log, NewId } from '../core/ports/effects.js';
import type { Store, StoresInSight } from '../core/ports/store.js';
import { editWords } from '../desk/edit-words.js';
import { followMember, keepMember } from '../desk/follow-member.js';
import { hurryPosts } from '../desk/hurry-posts.js';
import { linkPerson } from '../desk/link-person.js';
import { addNote } from '../desk/note.js';
import { beginAnswering, endAnswering } from '../desk/presence.js';
import { staffUnit, type StaffUnit } from '../desk/unit.js';
import { answerOf, type Listener } from './answers.js';
import type { CommandDefinition } from './definition.js';
import { filledIn, formOf } from './forms.js';
import { homeOf } from './home.js';
import { link } from './link.js';
import { COMMANDS } from './index.js';
import type { Perform } from './perform.js';
import { notedMessage } from './noted.js';
import { suggestionsFor } from './suggestions.js';
import { parseWords } from './words.js';

export interface DoorNeeds {
  readonly store: Store;
  readonly blobs: Blobs;
  readonly desk: () => Promise<Desk>;
  readonly perform: Perform;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly sign: (text: string) => string;
  readonly log: Log;
  readonly publicUrl: string | undefined;
}

export function createDoor(needs: DoorNeeds): ChatEvents {
  const { store, desk, perform } = needs;

  const identify = async (person: ChatPerson): Promise<Agent | undefined> => {
    const current = await desk();
    const linked = await store.people.agentOf(person.bridge, person.id);
    const listed = current.agents.filter(({ member }) => member === undefined);
    const agent = listed.find(({ id }) => id === linked) ?? (person.email ? listed.find(({ email }) => email === person.email?.toLowerCase()) : undefined);
    if (agent) return standing(current, agent, person.groups ?? []);
    const { member, joined, left } = followMember(current, person);
    if (joined || left) await store.transaction((tx) => keepMember(tx, person, { joined, left }));
    return member;
  };

  const listenerOf = async (agent: Agent | undefined, { prefix = '/' }: ChatPerson): Promise<Listener> => ({ locale: agent?.locale ?? (await desk()).locale, publicUrl: needs.publicUrl, prefix, numberOf: async (id) => (await store.conversations.get(id))?.number });

  /** Runs work for a person, or tells them why not. Whatever is thrown becomes an answer. */
  const forPerson = async <Result>(person: ChatPerson, work: (agent: Agent, listener: Listener) => Promise<Result>): Promise<Result | Answer> => forAgent(await identify(person), person, work);

  const forAgent = async <Result>(agent: Agent | undefined, person: ChatPerson, work: (agent: Agent, listener: Listener) => Promise<Result>): Promise<Result | Answer> => {
    const listener = await listenerOf(agent, person);
    if (!agent) return answerOf({ kind: 'refused', message: { key: 'refused.unknown-agent', params: {} } }, listener);
    return answering(listener, person, () => work(agent, listener));
  };

  const answering = async <Result>(listener: Listener, person: ChatPerson, work: () => Promise<Result>): Promise<Result | Answer> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refusal) return answerOf({ kind: 'refused', message: { key: error.key, params: error.params } }, listener);
      const id = needs.newId();
      needs.log.error({ error, id, via: person.bridge }, 'door-failed');
      return answerOf({ kind: 'refused', message: { key: 'error.unexpected', params: { id } } }, listener);
    }
  };

  const inUnit = async <Result>(actor: Agent, via: string, work: (unit: StaffUnit) => Promise<Result>): Promise<Result> => {
    const current = await desk();
    return store.transaction((tx) => work(staffUnit({ tx, desk: current, now: needs.clock.now(), newId: needs.newId, sign: needs.sign }, actor, via)));
  };

  /** What of the desk and its stores this agent sees. */
  const seenBy = async (agent: Agent): Promise<{ readonly desk: Desk; readonly stores: StoresInSight }> => {
    const current = await desk();
    const sight = sightOf(current, agent);
    return { desk: deskInSight(current, sight), stores: store.inSight(sight) };
  };

  const conversationIn = async (speech: Speech): Promise<ConversationId | undefined> => (speech.thread ? (await store.conversations.byThread(speech.person.bridge, speech.thread))?.id : undefined);

  /** The one verb that somebody may say whom nobody knows yet. */
  const linkAs = async (person: ChatPerson, code: string): Promise<Answer> => {
    const listener = await listenerOf(await identify(person), person);
    return answering(listener, person, async () => {
      const current = await desk();
      const agent = await store.transaction((tx) => linkPerson({ tx, desk: current, now: needs.clock.now(), sign: needs.sign }, person, code));
      needs.log.info({ agent: agent.id, via: person.bridge }, 'person-linked');
      return answerOf({ kind: 'done', message: { key: 'link.done', params: { who: agent.name } } }, await listenerOf(agent, person));
    });
  };

  /** Who wrote what a post of a person's became; platforms do not say who deleted it. */
  const authorOf = async (bridge: string, post: PostRef): Promise<Agent | undefined> => {
    const subject = (await store.posts.subjectOf(bridge, post))?.about;
    const author = subject?.kind === 'note-words' ? (await store.notes.get(subject.id))?.authorId : subject?.kind === 'message-words' ? (await store.messages.get(subject.id))?.authorId : undefined;
    return (await desk()).agents.find(({ id }) => id === author);
  };

  const performAs = async (agent: Agent, speech: Speech, call: Pick<CommandCall, 'verb' | 'args' | 'conversationId' | 'revision'>): Promise<CommandOutcome> =>
    perform({ ...call, actor: agent.id, groups: speech.person.groups, via: speech.person.bridge, eventId: speech.eventId });

  /** The form that an outcome asks for. What was written must not be lost: where it was held, it comes back with what is new above it. */
  const formFor = async (agent: Agent, speech: Speech, verb: string, args: CommandCall['args'], outcome: CommandOutcome): Promise<Form | undefined> => {
    const command = findCommand(outcome.kind === 'form' ? outcome.verb : verb);
    if (!command?.form) return undefined;
    if (outcome.kind === 'held') return inUnit(agent, speech.person.bridge, (unit) => formOf(unit, command, outcome.conversationId, args, outcome));
    return outcome.kind === 'form' ? inUnit(agent, speech.person.bridge, (unit) => formOf(unit, command, outcome.conversationId, outcome.args, undefined, outcome.revision)) : undefined;
  };

  const keepFiles = async (files: readonly IncomingFile[]): Promise<readonly StoredFile[]> =>
    Promise.all(files.map(async (file) => ({ blob: await needs.blobs.put(await file.read()), fileName: file.name, contentType: file.contentType, bytes: file.bytes })));

  return {
    identify,

    async words(speech) {
      const conversationId = await conversationIn(speech);
      if (!conversationId) return undefined;
      const words = parseWords(speech.text, COMMANDS);
      if (words.kind === 'call' && words.command === link) return linkAs(speech.person, words.args['code'] ?? '');
      return forPerson(speech.person, async (agent, listener) => {
        if (words.kind === 'unknown') return answerOf({ kind: 'refused', message: { key: 'refused.unknown-verb', params: { verb: words.said } }, ...(words.suggestion && { suggestion: words.suggestion }) }, listener);
        if (words.kind === 'call') {
          // Files that were sent along with "!reply ..." go to the customer.
          const files = await keepFiles(words.command.options.some(({ kind }) => kind === 'files') ? speech.files : []);
          const args = files.length > 0 ? { ...words.args, files: JSON.stringify(files) } : words.args;
          const outcome = await performAs(agent, speech, { verb: words.command.name, args, conversationId, revision: undefined });
          if (outcome.kind === 'done' && outcome.undoable) await rememberWords(speech, conversationId, outcome.undoable.messageId as MessageId);
          return { ...(await answerOf(outcome, listener)), form: outcome.kind === 'form' ? await formFor(agent, speech, words.command.name, args, outcome) : undefined };
        }
        demand('work', agent, await desk());
        const files = await keepFiles(speech.files);
        return inUnit(agent, speech.person.bridge, async (unit) => {
          const first = await unit.tx.calls.firstSeen(speech.person.bridge, speech.eventId, unit.now);
          if (!first) return answerOf({ kind: 'done', message: { key: 'command.repeated', params: {} }, conversationId }, listener);
          const noted = await addNote(unit, conversationId, { text: speech.text, files, words: speech.post, pinged: speech.pinged });
          return answerOf({ kind: 'done', message: notedMessage(unit.desk, noted), conversationId }, listener);
        });
      });
    },

    async wordsChanged({ person, eventId, post, text }) {
      const author = person.id === '' ? await authorOf(person.bridge, post) : await identify(person);
      if (!author && person.id === '') return undefined;
      return forAgent(author, person, async (agent, listener) => {
        demand('work', agent, await desk());
        return inUnit(agent, person.bridge, async (unit) => {
          if (!(await unit.tx.calls.firstSeen(person.bridge, eventId, unit.now))) return undefined;
          const edited = await editWords(unit, post, text === undefined ? undefined : withoutVerb(text));
          if (!edited) return undefined;
          const { number, id } = edited.conversation;
          const key = edited.what === 'note' ? (edited.deleted ? 'note.deleted' : 'note.edited') : ({ answer: 'reply.edited', undone: 'undo.done', 'too-late': 'mail.customer-had-old-text' } as const)[edited.what];
          return answerOf({ kind: edited.what === 'too-late' ? 'refused' : 'done', message: { key, params: { number } }, conversationId: id }, listener);
        });
      });
    },

    async recentWords(bridge, limit) {
      const words = await store.posts.wordsOn(bridge, limit);
      const standing = await Promise.all(words.map(async ({ ref, conversationId, about }) => {
        const thread = (await store.conversations.get(conversationId))?.threadRef;
        const stands = about.kind === 'note-words' ? (await store.notes.get(about.id))?.deletedAt === undefined : about.kind === 'message-words' && (await store.messages.get(about.id))?.state === 'queued';
        return thread && stands ? [{ post: ref, thread }] : [];
      }));
      return standing.flat();
    },

    async worksAgain(bridge) {
      await hurryPosts(store, await desk(), bridge, needs.clock.now()).catch((error: unknown) => needs.log.error({ error, bridge }, 'posts-not-hurried'));
    },

    async command(speech) {
      const words = parseWords(`/${speech.text.trim() || 'help'}`, COMMANDS);
      if (words.kind === 'call' && words.command === link) return linkAs(speech.person, words.args['code'] ?? '');
      return forPerson(speech.person, async (agent, listener) => {
        if (words.kind !== 'call') {
          const said = words.kind === 'unknown' ? words.said : (speech.text.trim().split(/\s/)[0] ?? '');
          return answerOf({ kind: 'refused', message: { key: 'refused.unknown-verb', params: { verb: said } }, ...(words.kind === 'unknown' && words.suggestion && { suggestion: words.suggestion }) }, listener);
        }
        const outcome = await performAs(agent, speech, { verb: words.command.name, args: words.args, conversationId: await conversationIn(speech), revision: undefined });
        return { ...(await answerOf(outcome, listener)), form: outcome.kind === 'form' ? await formFor(agent, speech, words.command.name, words.args, outcome) : undefined };
      });
    },

    async act(speech) {
      if (findCommand(speech.verb) === link) return linkAs(speech.person, speech.args['code'] ?? '');
      return forPerson(speech.person, async (agent, listener) => {
        const { verb, revision } = speech;
        const args = filledIn(speech.args);
        const conversationId = speech.conversationId ?? (await conversationIn(speech));
        const outcome = await performAs(agent, speech, { verb, args, conversationId, revision });
        return { ...(await answerOf(outcome, listener)), form: await formFor(agent, speech, verb, args, outcome) };
      });
    },

    async form(speech) {
      return forPerson(speech.person, async (agent) => {
        const command = findCommand(speech.verb);
        if (!command) throw new Refusal('refused.unknown-verb', { verb: speech.verb });
        demand(command.permission, agent, await desk());
        const named = speech.prefill['conversation'];
        const conversationId = named === undefined ? (speech.conversationId ?? (await conversationIn(speech))) : (await (await seenBy(agent)).stores.conversations.byNumber(Number(named)))?.id;
        const files = await keepFiles(command.options.some(({ kind }) => kind === 'files') ? (speech.files ?? []) : []);
        return inUnit(agent, speech.person.bridge, async (unit) => {
          const form: Form = await formOf(unit, command, conversationId, filledIn(files.length > 0 ? { ...speech.prefill, files: JSON.stringify(files) } : speech.prefill), undefined);
          if (WRITING.has(command.name) && conversationId) await beginAnswering(unit, conversationId);
          return form;
        });
      });
    },

    async formClosed(person, conversationId) {
      await forPerson(person, (agent) => inUnit(agent, person.bridge, (unit) => endAnswering(unit, conversationId)));
    },

    async unfold(person, post) {
      return forPerson(person, async (agent) => {
        demand('read', agent, await desk());
        const { stores } = await seenBy(agent);
        const subject = await stores.posts.subjectOf(person.bridge, post);
        const message = subject?.about.kind === 'message' ? await stores.messages.get(subject.about.id) : undefined;
        return message?.hiddenText ? { text: message.hiddenText } : undefined;
      });
    },

    async suggest(person, kind, typed, limit) {
      const agent = await identify(person);
      if (!agent) return [];
      const seen = await seenBy(agent);
      return suggestionsFor(seen.stores, seen.desk, agent, kind, typed, limit);
    },

    async home(person) {
      const agent = await identify(person);
      return agent && homeOf((await seenBy(agent)).stores, agent, { now: needs.clock.now(), publicUrl: needs.publicUrl });
    },

    async conversationOf(bridge, thread) {
      return (await store.conversations.byThread(bridge, thread))?.id;
    },

    verbs: () => COMMANDS.map(describeVerb),
  };

  async function rememberWords(speech: Speech & { readonly post: Parameters<ChatEvents['words']>[0]['post'] }, conversationId: ConversationId, messageId: MessageId): Promise<void> {
    await store.transaction((tx) => tx.posts.save({ bridge: speech.person.bridge, ref: speech.post, conversationId, about: { kind: 'message-words', id: messageId } }));
  }
}

/** Verbs whose open form means that somebody is answering. */
const WRITING: ReadonlySet<string> = new Set(['reply', 'draft', 'edit']);

const findCommand = (verb: string): CommandDefinition | undefined => COMMANDS.find(({ name, aliases }) => name === verb || aliases.includes(verb));

/** "!reply text" was edited: the text is what the customer gets. */
function withoutVerb(text: string): string {
  const words = parseWords(text, COMMANDS);
  return words.kind === 'call' ? (words.args['text'] ?? '') : text;
}

function describeVerb({ name, aliases, summary, onConversation, form, options }: CommandDefinition): VerbDescription {
  const inAll = (key: Parameters<typeof say>[1]): Readonly<Record<Locale, string>> => Object.fromEntries(LOCALES.map((locale) => [locale, say(locale, key)])) as Record<Locale, string>;
  return {
    name, aliases, onConversation, form, summary: inAll(summary),
    options: options.flatMap((option) => (option.hidden || option.kind === 'message' || option.kind === 'files' ? [] : [{ name: option.name, kind: option.kind === 'thread-files' ? 'word' : option.kind, required: option.required, label: inAll(option.label) }])),
  };
}
