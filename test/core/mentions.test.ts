import { describe, expect, it } from 'vitest';

import type { AgentId, TeamId } from '../../src/core/ids.js';
import { mentionsIn } from '../../src/core/mentions.js';
import { anAgent } from '../support/samples.js';

const CARE = 'care' as TeamId;
const agents = [
  anAgent({ id: 'anna' as AgentId, name: 'Anna Zielińska', email: 'a.zielinska@desk.example', teams: [CARE] }), anAgent({ id: 'kos' as AgentId, name: 'Marek Kos', email: 'marek@desk.example', teams: [CARE] }),
  anAgent({ id: 'jan-k' as AgentId, name: 'Jan Kowal', email: 'jk@desk.example' }), anAgent({ id: 'jan-w' as AgentId, name: 'Jan Wilk', email: 'jw@desk.example' }),
];
const desk = { agents, teams: [{ id: CARE, name: 'Obsługa klienta', dealing: 'by-hand' as const, duty: [] }] };
const told = (text: string): readonly string[] => mentionsIn(text, desk).agents;

describe('a mention', () => {
  it.each([
    ['by id', 'Look here @kos', ['kos']],
    ['by first name, whatever its case', '@ANNA: please', ['anna']],
    ['by whole name, with or without accents', '(@anna zielinska) @Anna Zielińska', ['anna']],
    ['by surname', '@Zielińska?', ['anna']],
    ['by what stands before the @ of the address', 'ask @a.zielinska.', ['anna']],
    ['by the whole name where the first is shared', '@Jan Wilk, can you?', ['jan-w']],
    ['by an id with a hyphen', '@jan-k', ['jan-k']],
    ['of several, each once, in their order', '@marek @anna @kos', ['kos', 'anna']],
    ['of a team means all who are in it', '@Obsługa klienta: who knows?', ['anna', 'kos']],
    ['of a team by its id', '@care', ['anna', 'kos']],
  ])('%s', (_, text, wanted) => {
    expect(told(text)).toEqual(wanted);
  });

  it.each(['write to anna@customer.example', 'foo@kos', '@kosmos', '@anna-maria', '@annaz', '@ anna', '@', 'https://x.example/@kos', '@@kos', '@marek.example', 'no sign'])('is none: %s', (text) => {
    expect(mentionsIn(text, desk)).toEqual({ agents: [], unclear: [] });
  });

  it('that may mean several tells nobody, and says who may be meant', () => {
    expect(mentionsIn('@Jan @anna', desk)).toEqual({ agents: ['anna'], unclear: [{ said: 'jan', agents: ['jan-k', 'jan-w'] }] });
  });

  it('of one who has the name of another as an id means the id', () => {
    const twins = [...agents, anAgent({ id: 'marek' as AgentId, name: 'Marek Nowy', email: 'mn@desk.example' })];
    expect(mentionsIn('@marek', { ...desk, agents: twins }).agents).toEqual(['marek']);
  });
});
