/** Who somebody is, as the workspace vouches for it, and whether they may work here at all. */
import { say } from '../../core/language/say.js';
import { BridgeError } from '../../core/errors.js';
import type { GroupId } from '../../core/ids.js';
import type { Group, Locale } from '../../core/model.js';
import type { ChatPerson, ChatReceiver } from '../../core/ports/chat.js';
import type { Log } from '../../core/ports/effects.js';
import { callPatiently, type Client } from './client.js';
import { slackCode } from './errors.js';
import type { SlackSettings } from './settings.js';
import { COMMAND, WORD_PREFIX } from './words.js';

/** Somebody who is made a guest or leaves is noticed within this, in milliseconds. */
const REMEMBER_MS = 5 * 60_000;
/** What a group gives ends within this for whoever leaves it, in milliseconds. Slack allows 20 such questions a minute. */
const GROUPS_MS = 30_000;
const PAGE = 200;

interface Known {
  readonly name: string;
  readonly email: string | undefined;
  readonly standing: 'member' | 'guest' | 'left' | 'machine';
  readonly until: number;
}

export type Admission = { readonly person: ChatPerson } | { readonly refusal: string };

export class People {
  readonly #known = new Map<string, Known>();
  /** By user group or channel. */
  readonly #members = new Map<string, { readonly members: ReadonlySet<string>; readonly until: number }>();
  readonly #byAddress = new Map<string, { readonly userId: string | undefined; readonly until: number }>();

  constructor(
    private readonly client: Client,
    private readonly settings: Pick<SlackSettings, 'name' | 'allowGuests' | 'staff'>,
    private readonly teamId: () => string,
    private readonly locale: () => Locale,
    private readonly log: Log,
    private readonly groups: () => readonly Group[],
    private readonly now: () => number = Date.now,
  ) {}

  /** Who this is for the desk, or why they may not work here. Slash commands cannot be given inside threads. */
  async admit(userId: string, inThread = false): Promise<Admission> {
    const { standing, email, name } = await this.#look(userId);
    if (standing === 'machine' || standing === 'left') return { refusal: say(this.locale(), 'refused.unknown-agent') };
    if (standing === 'guest' && !this.settings.allowGuests) return { refusal: say(this.locale(), 'refused.guest') };
    if (this.settings.staff && !(await this.#membersOf(this.settings.staff, REMEMBER_MS)).has(userId)) return { refusal: say(this.locale(), 'refused.not-staff') };
    return { person: { bridge: this.settings.name, id: userId, email, name, groups: await this.#groupsOf(userId), prefix: inThread ? WORD_PREFIX : `${COMMAND} ` } };
  }

  /** What to call somebody; their id when Slack does not tell. */
  async nameOf(userId: string): Promise<string> {
    try {
      return (await this.#look(userId)).name;
    } catch {
      return userId;
    }
  }

  /** Whether they see a channel; not, where Slack does not tell. */
  async isIn(channel: string, userId: string): Promise<boolean> {
    return (await this.#membersOf(channel, REMEMBER_MS)).has(userId);
  }

  /** The person of an agent, if they may be told something here: whom they linked, or else who has their address. */
  async find({ ids, email }: Pick<ChatReceiver, 'ids' | 'email'>): Promise<string | undefined> {
    const userId = ids[0] ?? (await this.#byEmail(email));
    return userId !== undefined && 'person' in (await this.admit(userId)) ? userId : undefined;
  }

  async #byEmail(email: string): Promise<string | undefined> {
    const known = this.#byAddress.get(email);
    if (known && known.until > this.now()) return known.userId;
    const userId = await this.#lookUp(email);
    this.#byAddress.set(email, { userId, until: this.now() + REMEMBER_MS });
    return userId;
  }

  async #lookUp(email: string): Promise<string | undefined> {
    try {
      return (await callPatiently('users.lookupByEmail', () => this.client.users.lookupByEmail({ email }))).user?.id;
    } catch (error) {
      if (error instanceof BridgeError && slackCode(error.cause) === 'users_not_found') return undefined;
      throw error;
    }
  }

  forget(userId: string): void {
    this.#known.delete(userId);
  }

  async #look(userId: string): Promise<Known> {
    const known = this.#known.get(userId);
    if (known && known.until > this.now()) return known;
    const { user } = await callPatiently('users.info', () => this.client.users.info({ user: userId }));
    const foreign = user?.is_stranger === true || (user?.team_id !== undefined && user.team_id !== this.teamId() && user.enterprise_user === undefined);
    const found: Known = {
      name: user?.profile?.display_name || user?.real_name || user?.name || userId,
      email: user?.profile?.email?.toLowerCase(),
      standing: user?.deleted ? 'left' : user?.is_bot ? 'machine' : foreign || user?.is_restricted || user?.is_ultra_restricted ? 'guest' : 'member',
      until: this.now() + REMEMBER_MS,
    };
    this.#known.set(userId, found);
    return found;
  }

  /** Groups of the desk that somebody is in. */
  async #groupsOf(userId: string): Promise<readonly GroupId[]> {
    const own = this.groups().filter(({ bridge }) => bridge === this.settings.name);
    const found = await Promise.all(own.map(async ({ id, target }) => ((await this.#membersOf(target, GROUPS_MS)).has(userId) ? [id] : [])));
    return found.flat();
  }

  /** @param target a user group (S..., @handle) or a channel (C..., G...) */
  async #membersOf(target: string, rememberMs: number): Promise<ReadonlySet<string>> {
    const known = this.#members.get(target);
    if (known && known.until > this.now()) return known.members;
    let kept = { members: known?.members ?? new Set<string>(), until: this.now() + rememberMs / 10 };
    try {
      const group = await userGroupId(this.client, target);
      kept = { members: new Set(group === undefined ? await this.#ofChannel(target) : await this.#ofGroup(group)), until: this.now() + rememberMs };
    } catch (error) {
      // Rather those of a moment ago than nobody; without any, nobody.
      this.log.warn({ error, bridge: this.settings.name, group: target }, 'staff-unknown');
    }
    this.#members.set(target, kept);
    return kept.members;
  }

  async #ofGroup(usergroup: string): Promise<readonly string[]> {
    return (await callPatiently('usergroups.users.list', () => this.client.usergroups.users.list({ usergroup }))).users ?? [];
  }

  async #ofChannel(channel: string): Promise<readonly string[]> {
    const members: string[] = [];
    let cursor: string | undefined;
    do {
      const at = cursor;
      const page = await callPatiently('conversations.members', () => this.client.conversations.members({ channel, limit: PAGE, ...(at ? { cursor: at } : {}) }));
      members.push(...(page.members ?? []));
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    return members;
  }
}

/** The id of a user group by its id or @handle; undefined: it is no user group. @throws BridgeError where none has this handle */
export async function userGroupId(client: Client, target: string): Promise<string | undefined> {
  if (/^S[A-Z0-9]+$/.test(target)) return target;
  if (!target.startsWith('@')) return undefined;
  const { usergroups = [] } = await callPatiently('usergroups.list', () => client.usergroups.list({}));
  const found = usergroups.find(({ handle }) => handle?.toLowerCase() === target.slice(1).toLowerCase())?.id;
  if (!found) throw new BridgeError('gone', true, `There is no user group ${target} in Slack. There are: ${usergroups.map(({ handle }) => `@${handle ?? ''}`).join(', ')}`);
  return found;
}
