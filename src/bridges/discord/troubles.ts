/** What keeps posts from Discord, for the web desk: what the gateway shows, and what Discord said when it refused a post. Each goes away when it is put right, at the latest with the next post. */
import type { Client, GuildBasedChannel } from 'discord.js';

import type { Said } from '../../core/calls.js';
import { BridgeError } from '../../core/errors.js';
import type { ChannelId } from '../../core/ids.js';
import type { Channel } from '../../core/model.js';
import type { ChatTrouble } from '../../core/ports/chat.js';
import { Outage } from '../outage.js';
import { troubleOf } from './errors.js';
import type { Gateway } from './gateway.js';
import { BRIDGE } from './people.js';
import { missing } from './permissions.js';
import { inCache } from './places.js';

export interface Troubles {
  /** Posts into a channel, and keeps in mind why it was refused. @param isWhole whether the channel itself can be posted to, when something in it is gone */
  during<Result>(channel: Channel, work: () => Promise<Result>, isWhole: () => Promise<boolean>): Promise<Result>;
  /** Something was changed on Discord: what was refused may be allowed now. */
  changed(): void;
  list(): readonly ChatTrouble[];
}

interface Refused {
  readonly what: Said;
  /** Not only in this channel. */
  readonly all: boolean;
  readonly since: Date;
}

export interface TroubleListener {
  /** Something stands in the way that did not. */
  readonly begun: () => void;
  /** Posts that wait may be tried now. */
  readonly mended: () => void;
}

export function createTroubles(gateway: Pick<Gateway, 'client' | 'down' | 'unreadSince'>, channels: () => readonly Channel[], { begun, mended }: TroubleListener): Troubles {
  const outage = new Outage(mended);
  const refusals = new Map<ChannelId, Refused>();
  /** Since when the gateway shows it, by channel. */
  const shownSince = new Map<ChannelId, Date>();

  const shown = (channel: Channel): Refused | undefined => {
    const what = wrongWith(gateway.client, channel);
    if (!what) return void shownSince.delete(channel.id);
    const since = shownSince.get(channel.id);
    if (since) return { what, all: false, since };
    begun();
    const now = new Date();
    shownSince.set(channel.id, now);
    return { what, all: false, since: now };
  };
  const look = (): readonly (Refused & { readonly channel: Channel })[] => channels().flatMap((channel) => {
    // What the gateway shows is more exact than a refusal.
    const found = shown(channel) ?? refusals.get(channel.id);
    return found ? [{ ...found, channel }] : [];
  });

  return {
    async during(channel, work, isWhole) {
      try {
        const result = await outage.watch(work);
        if (refusals.delete(channel.id)) mended();
        return result;
      } catch (error) {
        const found = troubleOf(error);
        const isElsewhere = error instanceof BridgeError && error.fault === 'gone' && (await isWhole());
        if (found && !isElsewhere) {
          if (!refusals.has(channel.id)) begun();
          refusals.set(channel.id, { ...found, since: refusals.get(channel.id)?.since ?? new Date() });
        }
        throw error;
      }
    },

    changed() {
      const before = refusals.size + shownSince.size;
      refusals.clear();
      look();
      if (shownSince.size < before) mended();
    },

    list() {
      const down = gateway.down();
      if (down) return [{ bridge: BRIDGE, channel: undefined, what: (troubleOf(down.error) ?? UNREACHABLE).what, since: down.since }];
      const unread = gateway.unreadSince();
      const found = look();
      // A lost token is said once, not for each channel.
      const general = found.find(({ all }) => all);
      const whole = [...(unread ? [{ what: UNREAD, since: unread }] : []), ...(general ? [general] : [])];
      return [
        ...whole.map(({ what, since }): ChatTrouble => ({ bridge: BRIDGE, channel: undefined, what, since })),
        ...found.filter(({ all }) => !all).map(({ channel, what, since }): ChatTrouble => ({ bridge: BRIDGE, channel, what, since })),
      ];
    },
  };
}

const UNREACHABLE = { what: { key: 'trouble.unreachable', params: {} } } as const;
const UNREAD: Said = { key: 'trouble.intent', params: {} };

/** What the gateway shows to be wrong with a channel; it shows every channel of the servers that we are in. */
function wrongWith(client: Client, channel: Channel): Said | undefined {
  if (!client.isReady() || client.guilds.cache.some(({ available }) => !available)) return undefined;
  const [found] = inCache(client, channel);
  if (!found) return { key: 'trouble.no-channel', params: {} };
  const lacks = missing(allowed(found));
  return lacks.length > 0 ? { key: 'trouble.lacks', params: { rights: lacks.join(', ') } } : undefined;
}

function allowed(channel: GuildBasedChannel): bigint {
  const { me } = channel.guild.members;
  return me ? channel.permissionsFor(me).bitfield : ~0n;
}
