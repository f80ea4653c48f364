import { openWebChat } from './web-chat.js';
import { verbContract } from './verb-contract.js';

verbContract('web', openWebChat);
