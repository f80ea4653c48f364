/** Tells open pages that something changed; what changed they fetch themselves. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ConversationId } from '../../core/ids.js';
import type { Change, StoresInSight } from '../../core/ports/store.js';
import { seesEverything, sightOf } from '../../core/sight.js';
import type { Announcement } from '../deps.js';
import type { Shared, WebEnv } from '../env.js';
import { readSession } from '../sessions.js';

/** On this desk, whatever its public address is. */
function pathOf({ url, conversationId }: Announcement): string {
  if (url !== undefined && URL.canParse(url)) return new URL(url).pathname;
  return conversationId ? `/go/${conversationId}` : '/';
}

/** Whether it speaks of something that they see. */
async function concerns({ sight, conversations }: StoresInSight, announcement: Announcement): Promise<boolean> {
  if (seesEverything(sight)) return true;
  const number = /^\/c\/(\d{1,9})$/.exec(pathOf(announcement))?.[1];
  const { conversationId } = announcement;
  return (conversationId ? await conversations.get(conversationId) : number ? await conversations.byNumber(Number(number)) : undefined) !== undefined;
}

/** Many changes in a row are one piece of news. */
const GATHER_MS = 120;
/** Proxies close a connection that is silent for a minute. */
const HEARTBEAT_MS = 25_000;

export function liveRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/events', (c) => {
    c.header('X-Accel-Buffering', 'no');
    const agent = c.var.agent.id;
    return streamSSE(c, async (stream) => {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => { end = resolve; });
      const write = (event: string, data: object): void => { void stream.writeSSE({ event, data: JSON.stringify(data) }).catch(end); };

      let gathered = new Set<ConversationId>();
      let timer: NodeJS.Timeout | undefined;
      // What the agent may see at this moment: the stream may be older than the desk.
      const seen = async (): Promise<StoresInSight | undefined> => {
        const desk = await deps.deskNow();
        const now = desk.agents.find(({ id }) => id === agent);
        return now && deps.inSight(sightOf(desk, now));
      };
      const seenAmong = async (ids: Iterable<ConversationId>): Promise<readonly ConversationId[]> => {
        const stores = await seen();
        if (!stores) return [];
        if (seesEverything(stores.sight)) return [...ids];
        const found = await Promise.all([...ids].map((id) => stores.conversations.get(id)));
        return found.flatMap((conversation) => (conversation ? [conversation.id] : []));
      };
      const tell = (change: Change): void => {
        for (const id of change.conversations) gathered.add(id);
        // Also when nothing of it is in sight: it may have left their lists just now.
        timer ??= setTimeout(() => {
          const changed = gathered;
          gathered = new Set();
          timer = undefined;
          void seenAmong(changed).then((conversations) => write('changed', { conversations }), end);
        }, GATHER_MS);
      };
      const stopChanges = deps.onChange(tell);
      const stopAnnouncements = deps.announcements.listen((announcement: Announcement) => {
        const isForThem = announcement.only === undefined ? announcement.kind === 'card' || announcement.kind === 'mail-in' : announcement.only === agent;
        if (!isForThem) return;
        void seen().then(async (stores) => {
          if (stores && (await concerns(stores, announcement))) write('announced', { text: announcement.summary, path: pathOf(announcement) });
        }).catch(end);
      }, end);
      // Whoever logged out elsewhere, or left the desk, hears nothing more.
      const heartbeat = setInterval(() => {
        void (async () => {
          const session = await readSession(c, { ...deps, store: c.var.store });
          const known = session && (await deps.deskNow()).agents.some(({ id }) => id === agent);
          if (known) await stream.write(': still here\n\n');
          else end();
        })().catch(end);
      }, HEARTBEAT_MS);
      stream.onAbort(end);
      write('hello', {});
      await ended;
      clearInterval(heartbeat);
      clearTimeout(timer);
      stopChanges();
      stopAnnouncements();
    });
  });
  return app;
}
