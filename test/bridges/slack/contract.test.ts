/** The chat contract on Slack. */
import { chatContract } from '../../contract/chat-contract.js';
import { openSlackChat } from './slack-chat.js';

chatContract('slack', openSlackChat);
