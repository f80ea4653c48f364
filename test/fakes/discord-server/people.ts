/** Members of the guild as they act: each method resolves with what came back to the person, and how fast. */
import type { Gateway } from './gateway.js';
import { MESSAGE_CONTENT } from './gateway.js';
import type { Interactions, Reaction, Told } from './interactions.js';
import { listIn, objectIn, textIn, type Json } from './json.js';
import { snowflake } from './snowflakes.js';
import { ALL_PERMISSIONS, channelJson, memberJson, mentionsIn, messageJson, userJson, type Attachment, type Channel, type Member, type Message, type World } from './world.js';

const INTERACTION = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
const COMMAND = { typed: 1, onMessage: 3 } as const;
const OPTION = { string: 3, integer: 4, boolean: 5 } as const;
const BUTTON = 2;
const SELECT = 3;
const LABEL = 18;
/** Bytes of one attachment that the person's client allows. */
const ATTACHMENT_LIMIT = 10 * 1024 * 1024;

export interface PeopleNeeds {
  readonly world: World;
  readonly gateway: Gateway;
  readonly interactions: Interactions;
  readonly base: () => string;
}

export class Person {
  constructor(
    private readonly needs: PeopleNeeds,
    readonly member: Member,
  ) {}

  get id(): string {
    return this.member.user.id;
  }

  /** Writes into a channel or thread. */
  say(channelId: string, text: string, files: readonly { readonly name: string; readonly content: string; readonly contentType?: string }[] = []): Message {
    const attachments: readonly Attachment[] = files.map(({ name, content, contentType }) => {
      const bytes = new TextEncoder().encode(content);
      return { id: snowflake(), filename: name, size: bytes.byteLength, contentType: contentType ?? 'text/plain', bytes };
    });
    const message: Message = { id: snowflake(), channelId, author: this.member.user, content: text, embeds: [], components: [], attachments, flags: 0, allowedMentions: undefined, edits: 0, editedAt: null, createdAt: new Date().toISOString(), nonce: undefined, replyTo: undefined };
    this.needs.world.messages.set(message.id, message);
    this.#announce('MESSAGE_CREATE', message);
    return message;
  }

  edit(message: Message, text: string): void {
    message.content = text;
    message.edits += 1;
    message.editedAt = new Date().toISOString();
    this.#announce('MESSAGE_UPDATE', message);
  }

  delete(message: Message): void {
    const { world, gateway } = this.needs;
    world.messages.delete(message.id);
    if (!world.isHidden(message.channelId)) gateway.dispatch('MESSAGE_DELETE', () => ({ id: message.id, channel_id: message.channelId, guild_id: world.guild.id }));
  }

  /** Presses a button by its label or custom id. */
  press(message: Message | Told, button: string): Promise<Reaction> {
    const found = buttonsOf(message).find((part) => textIn(part, 'label') === button || textIn(part, 'custom_id') === button);
    if (!found) throw new Error(`no button ${button}; there are: ${buttonsOf(message).map((part) => textIn(part, 'label')).join(', ')}`);
    if (found['disabled'] === true) throw new Error(`the button ${button} is disabled`);
    return this.#interact(this.#channelOf(message), INTERACTION.component, { custom_id: textIn(found, 'custom_id'), component_type: BUTTON, id: 1 }, { message: this.#messageOf(message) });
  }

  /** Picks an entry of a select menu in a message. */
  pick(message: Message | Told, value: string): Promise<Reaction> {
    const menu = message.components.flatMap((row) => listIn(row, 'components')).find((part) => part['type'] === SELECT && listIn(part, 'options').some((option) => textIn(option, 'value') === value));
    if (!menu) throw new Error(`no menu offers ${value}`);
    return this.#interact(this.#channelOf(message), INTERACTION.component, { custom_id: textIn(menu, 'custom_id'), component_type: SELECT, values: [value], id: 1 }, { message: this.#messageOf(message) });
  }

  /** A slash command with its typed options. */
  command(name: string, options: Readonly<Record<string, string | boolean>>, channelId: string): Promise<Reaction> {
    const command = this.#published(name, COMMAND.typed);
    return this.#interact(channelId, INTERACTION.command, { id: textIn(command, 'id'), name, type: COMMAND.typed, guild_id: this.needs.world.guild.id, options: this.#options(command, options) });
  }

  /** What is offered while typing into one option. */
  autocomplete(name: string, option: string, typed: string, channelId: string): Promise<Reaction> {
    const command = this.#published(name, COMMAND.typed);
    return this.#interact(channelId, INTERACTION.autocomplete, { id: textIn(command, 'id'), name, type: COMMAND.typed, guild_id: this.needs.world.guild.id, options: [{ name: option, type: OPTION.string, value: typed, focused: true }] });
  }

  /** An entry of the menu on a message ("Apps"). */
  menu(name: string, message: Message): Promise<Reaction> {
    const command = this.#published(name, COMMAND.onMessage);
    return this.#interact(message.channelId, INTERACTION.command, {
      id: textIn(command, 'id'), name, type: COMMAND.onMessage, guild_id: this.needs.world.guild.id, target_id: message.id,
      resolved: { messages: { [message.id]: messageJson(this.needs.world, message, this.needs.base()) } },
    });
  }

  /** Sends a form. What is not named keeps what the form was drawn with. */
  submit(reaction: Reaction, values: Readonly<Record<string, string>>, channelId: string, source?: Message): Promise<Reaction> {
    const modal = reaction.modal;
    if (!modal) throw new Error(`no form came back but ${reaction.kind}: ${reaction.told?.content ?? ''}`);
    const components = listIn(modal, 'components').map((label, index) => {
      if (label['type'] !== LABEL) return { type: label['type'], id: index + 1 };
      const part = objectIn(label, 'component');
      const id = textIn(part, 'custom_id') ?? '';
      if (part['type'] === SELECT) {
        const preset = listIn(part, 'options').filter((option) => option['default'] === true).map((option) => textIn(option, 'value') ?? '');
        const value = values[id];
        return { type: LABEL, id: index + 1, component: { type: SELECT, id: index + 10, custom_id: id, values: value === undefined ? preset : value === '' ? [] : [value] } };
      }
      return { type: LABEL, id: index + 1, component: { type: 4, id: index + 10, custom_id: id, value: values[id] ?? textIn(part, 'value') ?? '' } };
    });
    return this.#interact(channelId, INTERACTION.modal, { custom_id: textIn(modal, 'custom_id'), components }, source ? { message: this.#messageOf(source) } : {});
  }

  #options(command: Json, values: Readonly<Record<string, string | boolean>>): readonly Json[] {
    return Object.entries(values).map(([name, value]) => {
      const option = listIn(command, 'options').find((known) => textIn(known, 'name') === name);
      if (!option) throw new Error(`the command has no option ${name}`);
      return { name, type: option['type'], value: option['type'] === OPTION.integer ? Number(value) : value };
    });
  }

  #published(name: string, type: number): Json {
    const command = this.needs.world.commands.find((known) => (textIn(known, 'name') === name || Object.values(objectIn(known, 'name_localizations')).includes(name)) && (known['type'] ?? 1) === type);
    if (!command) throw new Error(`no command ${name} is published`);
    return command;
  }

  #announce(t: string, message: Message): void {
    const { world, gateway, base } = this.needs;
    if (world.isHidden(message.channelId)) return;
    const json = { ...messageJson(world, message, base()), guild_id: world.guild.id, member: memberJson(this.member), mentions: mentionsIn(world, message.content, true) };
    gateway.dispatch(t, (intents) => (intents & MESSAGE_CONTENT ? json : { ...json, content: '', embeds: [], attachments: [], components: [] }));
  }

  #channelOf(message: Message | Told): string {
    if ('channelId' in message) return message.channelId;
    return this.needs.interactions.channelOf(message.id) ?? '';
  }

  #messageOf(message: Message | Told): Json {
    if ('channelId' in message) return messageJson(this.needs.world, message, this.needs.base());
    return { id: message.id, channel_id: this.#channelOf(message), author: userJson(this.needs.world.bot), content: message.content, timestamp: new Date().toISOString(), edited_timestamp: null, tts: false, mention_everyone: false, mentions: [], mention_roles: [], attachments: [], embeds: message.embeds, components: message.components, pinned: false, type: 0, flags: 64 };
  }

  #interact(channelId: string, type: number, data: Json, extra: Json = {}): Promise<Reaction> {
    const { world, gateway, interactions } = this.needs;
    const { interaction, reaction } = interactions.begin(channelId);
    const channel: Channel | undefined = world.channels.get(channelId);
    gateway.dispatch('INTERACTION_CREATE', () => ({
      id: interaction.id, application_id: world.application.id, type, data, token: interaction.token, version: 1, guild_id: world.guild.id, guild: { id: world.guild.id, locale: 'en-US', features: [] }, channel_id: channelId,
      channel: channel && { ...channelJson(world, channel), permissions: ALL_PERMISSIONS }, member: memberJson(this.member), locale: this.member.locale, guild_locale: 'en-US', app_permissions: ALL_PERMISSIONS, entitlements: [],
      authorizing_integration_owners: { 0: world.guild.id }, context: 0, attachment_size_limit: ATTACHMENT_LIMIT, ...extra,
    }));
    return reaction;
  }
}

export const buttonsOf = (message: Message | Told): readonly Json[] => message.components.flatMap((row) => listIn(row, 'components')).filter((part) => part['type'] === BUTTON);
