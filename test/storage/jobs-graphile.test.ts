import { describe } from 'vitest';
import { jobsContract } from '../contract/jobs-contract.js';
import { available } from '../support/servers.js';
import { postgresqlDatabase } from './databases.js';

describe.runIf(available('postgresql'))('on a real server', () => {
  jobsContract('graphile-worker', postgresqlDatabase, { nodes: true });
});
