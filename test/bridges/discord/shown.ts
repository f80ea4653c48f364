/** What a person reads of a message on Discord. */
import { buttonsOf } from '../../fakes/discord-server/people.js';
import type { Told } from '../../fakes/discord-server/interactions.js';
import { objectIn, textIn } from '../../fakes/discord-server/json.js';
import type { Message } from '../../fakes/discord-server/world.js';

export function textOf(message: Message | Told): string {
  const embeds = message.embeds.map((embed) => [textIn(objectIn(embed, 'author'), 'name'), textIn(embed, 'title'), textIn(embed, 'description'), textIn(objectIn(embed, 'footer'), 'text')].filter(Boolean).join('\n'));
  return [message.content, ...embeds].join('\n').replace(/\\([\\*_~`|[\]<>#-])/g, '$1').replaceAll('\u200b', '');
}

export const labelsOf = (message: Message | Told): readonly string[] => buttonsOf(message).map((button) => textIn(button, 'label') ?? '');
