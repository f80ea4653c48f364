import { jobsContract } from '../contract/jobs-contract.js';
import { sqliteDatabase } from './databases.js';

jobsContract('embedded', sqliteDatabase, { nodes: false });
