import { verbContract } from '../../contract/verb-contract.js';
import { openSlackChat } from './slack-chat.js';

verbContract('slack', openSlackChat);
