import { bad, ok, warn, type Finding } from './finding.js';

/** What a look at the database found, as storage says it. */
export type DatabaseLook =
  | { readonly state: 'new' | 'current' | 'behind' | 'newer'; readonly engine: 'sqlite' | 'postgresql'; readonly pending?: readonly string[]; readonly unknown?: readonly string[] }
  | { readonly state: 'unreachable'; readonly detail: string };

const ENGINES = { sqlite: 'SQLite', postgresql: 'PostgreSQL' } as const;

export function checkDatabase(look: DatabaseLook): Finding {
  switch (look.state) {
    case 'unreachable':
      return bad('doctor.database-down', {}, look.detail);
    case 'new':
      return ok('doctor.database-new');
    case 'behind':
      return warn('doctor.database-behind', {}, look.pending?.join(', '));
    case 'newer':
      return bad('doctor.database-newer', {}, look.unknown?.join(', '));
    case 'current':
      return ok('doctor.database-ok', { engine: ENGINES[look.engine] });
  }
}
