/** Who may do what. Every verb names its permission; refusals say whom to ask. */
import { Refusal } from './errors.js';
import { say } from './language/say.js';
import type { Agent, Desk, Role } from './model.js';

export type Permission = 'read' | 'work' | 'administer';

const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  agent: ['read', 'work'],
  admin: ['read', 'work', 'administer'],
};
/** As many names as fit in a sentence. */
const MAX_NAMED = 3;

export const may = (role: Role, permission: Permission): boolean => GRANTED[role].includes(permission);

/** @throws Refusal, in their language, where their role does not allow it */
export function demand(permission: Permission, { role, locale }: Agent, { agents }: Pick<Desk, 'agents'>): void {
  if (may(role, permission)) return;
  const admins = agents.filter((agent) => agent.role === 'admin').map(({ name }) => name);
  throw new Refusal('refused.not-allowed', { role: say(locale, `role.${role}`), ask: admins.slice(0, MAX_NAMED).join(', ') || say(locale, 'role.admin') });
}
