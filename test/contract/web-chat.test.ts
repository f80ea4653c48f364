/** The chat contract on the web desk. */
import { chatContract } from './chat-contract.js';
import { openWebChat } from './web-chat.js';

chatContract('web', openWebChat);
