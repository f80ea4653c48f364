/** The chat contract on Discord, in both kinds of channels. */
import { chatContract } from '../../contract/chat-contract.js';
import { openDiscordChat } from './discord-chat.js';

for (const kind of ['forum', 'text'] as const) chatContract(`discord (${kind})`, (over) => openDiscordChat(kind, over));
