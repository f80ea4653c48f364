import { afterEach, describe, expect, it, vi } from 'vitest';

import { printInvite } from '../../src/cli/discord-invite.js';
import { startDiscordServer } from '../fakes/discord-server/server.js';
import { tempFolder } from '../support/temp-folder.js';

const home = process.cwd();
afterEach(() => {
  process.chdir(home);
  vi.unstubAllEnvs();
});

/** View channels, send, create threads, send in threads, manage threads, embed links, attach files, read history (Discord docs, "Permissions"). */
const RIGHTS = (1n << 10n) | (1n << 11n) | (1n << 35n) | (1n << 38n) | (1n << 34n) | (1n << 14n) | (1n << 15n) | (1n << 16n);

describe('goniec discord invite', () => {
  it('needs nothing but the token, and prints a link with just the rights that are used', async () => {
    const server = await startDiscordServer();
    const temp = tempFolder('invite');
    process.chdir(temp.path);
    for (const [name, value] of Object.entries({ APP_SECRET: undefined, DISCORD_TOKEN: server.token, DISCORD_API_URL: server.apiUrl })) vi.stubEnv(name, value);
    let printed = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => Boolean((printed += String(chunk))));
    await printInvite().finally(() => spy.mockRestore());
    const link = new URL(printed.trim());
    expect(`${link.origin}${link.pathname}`).toBe('https://discord.com/oauth2/authorize');
    expect(Object.fromEntries(link.searchParams)).toEqual({ client_id: server.world.application.id, scope: 'bot applications.commands', permissions: String(RIGHTS) });
    vi.stubEnv('DISCORD_TOKEN', undefined);
    await expect(printInvite()).rejects.toThrow('DISCORD_TOKEN is not set');
    expect(server.violations).toEqual([]);
    await server.stop();
    process.chdir(home);
    await temp.remove();
  });
});
