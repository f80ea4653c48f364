/** What an agent was told in person: mentions, reminders, work that came to them. */
import { Hono } from 'hono';
import type { Shared, WebEnv } from '../env.js';
import { NoticesPage, type NoticeRow } from '../pages/notices-page.js';

/** As many as anybody reads back. */
const SHOWN = 50;

export function noticeRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();

  app.get('/notices', async (c) => {
    const { desk, agent, session, reader, store } = c.var;
    const [notices, counts] = await Promise.all([store.notices.of(agent.id, SHOWN), store.conversations.counts(agent.id)]);
    const rows = await Promise.all(notices.map(async (notice): Promise<NoticeRow | undefined> => {
      const conversation = await store.conversations.get(notice.conversationId);
      return conversation && { notice, conversation, note: notice.noteId && (await store.notes.get(notice.noteId)) };
    }));
    return c.html(<NoticesPage reader={reader} facts={{ desk, agent, counts, here: 'notices', csrf: session.csrf, demo: deps.demo !== undefined }} rows={rows.filter((row) => row !== undefined)} />);
  });
  app.post('/notices/read', async (c) => {
    await c.var.store.notices.read(c.var.agent.id, undefined, c.var.reader.now);
    return c.redirect('/notices', 303);
  });
  return app;
}
