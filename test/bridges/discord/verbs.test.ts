import { verbContract } from '../../contract/verb-contract.js';
import { openDiscordChat } from './discord-chat.js';

verbContract('discord', (over) => openDiscordChat('forum', over));
