/** Several platforms at once, each with one channel: the same people work on all of them. */
import type { Channel } from '../../../src/core/model.js';
import type { ShownCard, StoryPlatform, Trouble } from './platform.js';

/** @param platforms one for each mailbox, in their order; the last one shows what the others do not */
export function together(...platforms: readonly StoryPlatform[]): StoryPlatform {
  /** The web desk shows every conversation; here it counts for those that have no card elsewhere. */
  const cards = (): readonly ShownCard[] => {
    const seen = new Set<number>();
    return platforms.flatMap((platform) => {
      const own = platform.cards().filter(({ number }) => !seen.has(number));
      own.forEach(({ number }) => seen.add(number));
      return own;
    });
  };
  const of = (number: number): StoryPlatform => {
    const found = platforms.find((platform) => platform.cards().some((card) => card.number === number));
    if (!found) throw new Error(`#${number} is shown nowhere`);
    return found;
  };
  return {
    channels: platforms.flatMap((platform, index): readonly Channel[] => platform.channels.slice(index, index + 1)),
    bridges: async (needs) => new Map((await Promise.all(platforms.map((platform) => platform.bridges(needs)))).flatMap((bridges) => [...bridges])),
    async introduce(store) {
      for (const platform of platforms) await platform.introduce?.(store);
    },
    opened: (url) => platforms.forEach((platform) => platform.opened?.(url)),
    cards,
    claim: (agent, number) => of(number).claim(agent, number),
    note: (agent, number, text) => of(number).note(agent, number, text),
    answer: (agent, number, text, way) => of(number).answer(agent, number, text, way),
    close: (agent, number) => of(number).close(agent, number),
    press: (agent, number, label) => of(number).press(agent, number, label),
    troubles: atOnce(platforms.map(({ troubles }) => troubles)),
    check: () => platforms.forEach((platform) => platform.check()),
    async stop() {
      for (const platform of platforms) await platform.stop();
    },
  };
}

/** One of each platform at the same time. */
function atOnce(all: readonly (readonly Trouble[])[]): readonly Trouble[] {
  return Array.from({ length: Math.max(...all.map((troubles) => troubles.length)) }, (_, nth): Trouble => {
    const now = all.flatMap((troubles) => troubles[nth] ?? []);
    return { what: now.map(({ what }) => what).join(', and '), run: async () => void (await Promise.all(now.map((trouble) => trouble.run()))) };
  });
}
