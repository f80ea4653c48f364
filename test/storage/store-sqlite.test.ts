import { storeContract } from '../contract/store-contract.js';
import { sqliteDatabase } from './databases.js';

storeContract('SQLite', sqliteDatabase, { nodes: false });
