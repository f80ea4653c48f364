import { describe, expect, it } from 'vitest';
import type { GroupId, TeamId } from '../../src/core/ids.js';
import type { Group } from '../../src/core/model.js';
import { memberId, memberOf, standing } from '../../src/core/standing.js';
import { aDesk, anAgent } from '../support/samples.js';

const group = (id: string, over: Partial<Group> = {}): Group => ({ id: id as GroupId, bridge: 'discord', target: id, role: 'agent', teams: [], ...over });
const desk = aDesk({ groups: [group('care', { teams: ['care' as TeamId] }), group('leads', { role: 'admin' }), group('readers', { role: 'viewer', teams: ['care' as TeamId] }), group('slackers', { bridge: 'slack' })] });
const ids = (...names: string[]): GroupId[] => names as GroupId[];
const somebody = { bridge: 'discord', id: '1', email: undefined, name: 'Kim' };

describe('standing', () => {
  it('of whom desk.yaml lists: groups add teams and may raise the role, never lower it', () => {
    expect(standing(desk, anAgent(), ids('care'))).toMatchObject({ role: 'agent', teams: ['care'] });
    expect(standing(desk, anAgent(), ids('leads'))).toMatchObject({ role: 'admin', teams: [] });
    expect(standing(desk, anAgent({ role: 'admin' }), ids('readers'))).toMatchObject({ role: 'admin', teams: ['care'] });
    expect(standing(desk, anAgent(), [])).toEqual(anAgent());
    expect(standing(desk, anAgent(), ids('gone'))).toEqual(anAgent());
  });

  it('of others is what their groups give, and nothing without one', () => {
    expect(memberOf(desk, { ...somebody, groups: ids('care', 'readers') })).toMatchObject({ id: memberId('discord', '1'), name: 'Kim', role: 'agent', teams: ['care'], member: { bridge: 'discord', groups: ['care', 'readers'] } });
    expect(memberOf(desk, { ...somebody, groups: [] })).toBeUndefined();
    expect(memberOf(desk, somebody)).toBeUndefined();
  });

  it('comes only from the platform that one acts on', () => {
    expect(memberOf(desk, { ...somebody, groups: ids('slackers') })).toBeUndefined();
  });
});
