import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { AgentId } from '../../src/core/ids.js';
import { linkCode } from '../../src/desk/link-person.js';
import { openVault } from '../../src/storage/vault.js';
import { openDesk, type DeskUnderTest } from '../support/desk-under-test.js';

const MINUTE_MS = 60_000;
let desk: DeskUnderTest;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

/** Signed with the secret of the desk under test. */
const vault = openVault('test secret, long enough for the vault');
const code = (agent = 'marek'): string => linkCode((text) => vault.sign(text), agent as AgentId, desk.now());
const person = { bridge: 'discord', id: '1', email: undefined };
let events = 0;
const say = (text: string, who = person): ReturnType<typeof desk.door.command> => desk.door.command({ person: who, eventId: `event-${(events += 1)}`, thread: undefined, text });

describe('linking somebody of a chat platform with an agent', () => {
  it('is the one thing that a stranger may say', async () => {
    expect(await say('show 1')).toMatchObject({ kind: 'refused' });
    expect(await say(`link ${code()}`)).toMatchObject({ kind: 'done', text: expect.stringContaining('Marek Kos') as string });
    expect(await desk.door.identify(person)).toMatchObject({ id: 'marek' });
  });

  it('takes a code once, and not after ten minutes', async () => {
    const [first, second] = [code(), code('anna')];
    await say(`link ${first}`);
    expect(await say(`link ${first}`, { ...person, id: '2' })).toMatchObject({ kind: 'refused' });
    desk.pass(12 * MINUTE_MS);
    expect(await say(`link ${second}`, { ...person, id: '2' })).toMatchObject({ kind: 'refused' });
    expect(await desk.door.identify({ ...person, id: '2' })).toBeUndefined();
  });

  it('takes no code of another desk, nor one that was changed', async () => {
    const foreign = linkCode((text) => openVault('another secret, long enough for the vault').sign(text), 'marek' as AgentId, desk.now());
    for (const bad of [foreign, code().replace('marek', 'ada'), '', 'marek', 'marek..']) expect(await say(`link ${bad}`)).toMatchObject({ kind: 'refused' });
    expect(await desk.door.identify(person)).toBeUndefined();
  });
});
