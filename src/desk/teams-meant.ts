import type { Team } from '../core/model.js';
import { Refusal } from '../core/errors.js';
import { findByName } from './triage.js';
import type { StaffUnit } from './unit.js';

/** The team that was named; without a name those of the one who asks, or all for somebody who is in none. @throws Refusal */
export function teamsMeant({ desk, actor }: StaffUnit, said: string | undefined): readonly Team[] {
  if (said) {
    const named = findByName(desk.teams, said);
    if (!named) throw new Refusal('refused.no-such-team', { said, names: desk.teams.map(({ name }) => name).join(', ') });
    return [named];
  }
  if (desk.teams.length === 0) throw new Refusal('refused.no-teams');
  const own = desk.teams.filter(({ id }) => actor.teams.includes(id));
  return own.length > 0 ? own : desk.teams;
}
