/** An agent's own language, colours, zone and password. */
import { Hono } from 'hono';
import { z } from 'zod';
import { LOCALES } from '../../core/model.js';
import type { Shared, WebContext, WebEnv } from '../env.js';
import { leaveSaying, takeSaying } from '../flash.js';
import { readForm } from '../forms.js';
import { SettingsPage } from '../pages/settings-page.js';
import { hashPassword, MIN_PASSWORD_CHARS, verifyPassword } from '../passwords.js';
import { beginSession } from '../sessions.js';

const preferences = z.object({ locale: z.enum(LOCALES), theme: z.enum(['system', 'light', 'dark']), timeZone: z.string().max(60) });

export function settingsRoutes(deps: Shared): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  type Problem = Parameters<typeof SettingsPage>[0]['problem'];
  const show = async (c: WebContext, problem: Problem): Promise<Response> => {
    const { reader, agent, desk, session } = c.var;
    const flash = takeSaying(c);
    const facts = { desk, agent, counts: await c.var.store.conversations.counts(agent.id), here: 'settings', csrf: session.csrf, demo: deps.demo !== undefined };
    return c.html(<SettingsPage reader={reader} facts={facts} agent={agent} linkCode={deps.linkCode?.(agent.id)} problem={problem} said={flash && reader.say(flash.key, flash.params)} />, problem ? 422 : 200);
  };

  app.get('/settings', (c) => show(c, undefined));
  app.post('/settings', async (c) => {
    const { fields } = await readForm(c);
    const zone = fields['timeZone'] ?? '';
    if (!isTimeZone(zone)) return show(c, { field: 'zone', text: c.var.reader.say('settings.time-zone-unknown', { zone }) });
    await c.var.store.desk.setPreferences(c.var.agent.id, preferences.parse(fields));
    leaveSaying(c, 'done', { key: 'settings.saved', params: {} });
    return c.redirect('/settings', 303);
  });
  app.post('/settings/password', async (c) => {
    const { fields } = await readForm(c);
    const { agent, reader } = c.var;
    const [old = '', fresh = ''] = [fields['old'], fields['new']];
    if (!(await verifyPassword(old, await c.var.store.desk.passwordHash(agent.id)))) return show(c, { field: 'old', text: reader.say('web.settings.old-wrong') });
    if ([...fresh].length < MIN_PASSWORD_CHARS) return show(c, { field: 'new', text: reader.say('settings.password-short', { count: MIN_PASSWORD_CHARS }) });
    await c.var.store.desk.setPasswordHash(agent.id, await hashPassword(fresh));
    await beginSession(c, { ...deps, store: c.var.store }, agent.id, false);
    leaveSaying(c, 'done', { key: 'settings.password-changed', params: {} });
    return c.redirect('/settings', 303);
  });
  return app;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone !== '';
  } catch {
    return false;
  }
}
