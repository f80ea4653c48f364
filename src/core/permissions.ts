/** Who may do what. Every verb names its permission; refusals say whom to ask. */
import type { Role } from './model.js';

export type Permission = 'read' | 'work' | 'administer';

const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  agent: ['read', 'work'],
  admin: ['read', 'work', 'administer'],
};

export const may = (role: Role, permission: Permission): boolean => GRANTED[role].includes(permission);
