/** Tells open pages that something changed; what changed they fetch themselves. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Change } from '../../core/ports/store.js';
import type { Announcement } from '../deps.js';
import type { Shared, WebEnv } from '../env.js';
import { readSession } from '../sessions.js';

/** On this desk, whatever its public address is. */
function pathOf({ url, conversationId }: Announcement): string {
  if (url !== undefined && URL.canParse(url)) return new URL(url).pathname;
  return conversationId ? `/go/${conversationId}` : '/';
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

      let gathered = new Set<string>();
      let timer: NodeJS.Timeout | undefined;
      const tell = (change: Change): void => {
        for (const id of change.conversations) gathered.add(id);
        timer ??= setTimeout(() => {
          write('changed', { conversations: [...gathered] });
          gathered = new Set();
          timer = undefined;
        }, GATHER_MS);
      };
      const stopChanges = deps.store.onChange(tell);
      const stopAnnouncements = deps.announcements.listen((announcement: Announcement) => {
        if (announcement.kind === 'card' || announcement.kind === 'mail-in') write('announced', { text: announcement.summary, path: pathOf(announcement) });
      }, end);
      // Whoever logged out elsewhere, or left the desk, hears nothing more.
      const heartbeat = setInterval(() => {
        void (async () => {
          const session = await readSession(c, deps);
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
