/** Who somebody is, as the workspace vouches for it, and whether they may work here at all. */
import { say } from '../../core/language/say.js';
import type { Locale } from '../../core/model.js';
import type { ChatPerson } from '../../core/ports/chat.js';
import type { Log } from '../../core/ports/effects.js';
import { callPatiently, type Client } from './client.js';
import type { SlackSettings } from './settings.js';
import { COMMAND, WORD_PREFIX } from './words.js';

/** Somebody who is made a guest or leaves is noticed within this, in milliseconds. */
const REMEMBER_MS = 5 * 60_000;
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
  #staff: { readonly members: ReadonlySet<string>; readonly until: number } | undefined;

  constructor(
    private readonly client: Client,
    private readonly settings: Pick<SlackSettings, 'name' | 'allowGuests' | 'staff'>,
    private readonly teamId: () => string,
    private readonly locale: () => Locale,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** Who this is for the desk, or why they may not work here. Slash commands cannot be given inside threads. */
  async admit(userId: string, inThread = false): Promise<Admission> {
    const { standing, email } = await this.#look(userId);
    if (standing === 'machine' || standing === 'left') return { refusal: say(this.locale(), 'refused.unknown-agent') };
    if (standing === 'guest' && !this.settings.allowGuests) return { refusal: say(this.locale(), 'refused.guest') };
    if (this.settings.staff && !(await this.#staffMembers(this.settings.staff)).has(userId)) return { refusal: say(this.locale(), 'refused.not-staff') };
    return { person: { bridge: this.settings.name, id: userId, email, prefix: inThread ? WORD_PREFIX : `${COMMAND} ` } };
  }

  /** What to call somebody; their id when Slack does not tell. */
  async nameOf(userId: string): Promise<string> {
    try {
      return (await this.#look(userId)).name;
    } catch {
      return userId;
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

  async #staffMembers(staff: string): Promise<ReadonlySet<string>> {
    if (this.#staff && this.#staff.until > this.now()) return this.#staff.members;
    try {
      const members = staff.startsWith('S') ? await this.#ofGroup(staff) : await this.#ofChannel(staff);
      this.#staff = { members: new Set(members), until: this.now() + REMEMBER_MS };
    } catch (error) {
      // Rather those of a moment ago than nobody; without any, nobody.
      this.log.warn({ error, bridge: this.settings.name }, 'staff-unknown');
      this.#staff = { members: this.#staff?.members ?? new Set(), until: this.now() + REMEMBER_MS / 10 };
    }
    return this.#staff.members;
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
