/** User groups and private channels of Slack say who is on the desk: with the real SDK. */
import { afterEach, describe, expect, it } from 'vitest';

import type { ChannelId, GroupId, TeamId } from '../../../src/core/ids.js';
import type { Group } from '../../../src/core/model.js';
import { openSlackDesk, type SlackDesk } from './slack-desk.js';

const group = (id: string, over: Partial<Group>): Group => ({ id: id as GroupId, bridge: 'slack', target: '', role: 'agent', teams: [], ...over });
let world: SlackDesk;
afterEach(async () => {
  await world.close();
  expect(world.slack.violations).toEqual([]);
});

describe('people of a user group or a private channel', () => {
  it('are on the desk with what it gives, though desk.yaml lists none of them', async () => {
    world = await openSlackDesk({
      desk: { groups: [group('support', { target: '@support', teams: ['care' as TeamId] }), group('leads', { target: 'C0LEADS', role: 'admin' })] },
      prepare(slack) {
        slack.addUser({ name: 'kim', email: 'kim@elsewhere.example' });
        slack.addGroup('support', [slack.user('kim')]);
      },
    });
    await world.mail();
    const kim = world.slack.user('kim');
    await kim.join('orders');
    expect((await world.told(kim, () => kim.press(world.card(), 'Claim'))).text).toContain('Claimed');
    expect((await world.desk.store.desk.load()).agents.find(({ member }) => member)).toMatchObject({ name: expect.stringMatching(/kim/i) as string, role: 'agent', teams: ['care'] });
    expect((await world.desk.conversation(1)).assigneeId).toBe(`slack:${kim.user.id}`);
  });

  it('are so no longer once they have left it', async () => {
    let leave = (): void => {};
    world = await openSlackDesk({
      desk: { groups: [group('support', { target: '@support' })] },
      prepare(slack) {
        slack.addUser({ name: 'kim', email: 'kim@elsewhere.example' });
        const support = slack.addGroup('support', [slack.user('kim')]);
        leave = () => void slack.workspace.groups.set(support.id, { ...support, users: [] });
      },
    });
    await world.mail();
    const kim = world.slack.user('kim');
    await kim.join('orders');
    await world.told(kim, () => kim.press(world.card(), 'Claim'));
    leave();
    // What Slack said of the group is kept for half a minute.
    await world.restart();
    expect((await world.told(kim, () => kim.press(world.card(), 'Claim'))).text).toContain('do not know who you are');
    expect((await world.desk.store.desk.load()).agents.some(({ member }) => member)).toBe(false);
  });

  it('and a public channel that is for some on the desk is named by doctor', async () => {
    world = await openSlackDesk();
    const channel = (name: string) => ({ id: name as ChannelId, name, bridge: 'slack', target: `#${name}`, visibleTo: { teams: [], agents: [] } });
    expect(await world.bridge.inspect?.([channel('orders'), channel('returns')]).then((all) => all.slice(-2))).toMatchObject([{ level: 'warn', text: expect.stringContaining('Make it private') as string }, { level: 'ok' }]);
  });

  it('are looked at by doctor', async () => {
    world = await openSlackDesk({ desk: { groups: [group('support', { target: '@support' })] }, prepare: (slack) => void slack.addGroup('support', [slack.user('marek'), slack.user('anna')]) });
    const findings = await world.bridge.inspect?.([], [group('support', { target: '@support' }), group('gone', { target: '@nobody' }), group('room', { target: 'C0NOWHERE' })]);
    expect(findings?.slice(-3)).toMatchObject([
      { level: 'ok', text: expect.stringContaining('2 people') as string }, { level: 'bad', text: expect.stringContaining('There are: @support') as string }, { level: 'bad', text: expect.stringContaining('C0NOWHERE') as string },
    ]);
  });
});
