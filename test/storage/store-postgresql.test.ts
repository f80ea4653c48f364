import { describe } from 'vitest';
import { storeContract } from '../contract/store-contract.js';
import { available } from '../support/servers.js';
import { postgresqlDatabase } from './databases.js';

describe.runIf(available('postgresql'))('on a real server', () => {
  storeContract('PostgreSQL', postgresqlDatabase, { nodes: true });
});
