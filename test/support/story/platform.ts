/** What a chat platform brings to the story: places, people who act there, what is seen there, and what goes wrong with it. */
import type { createBridges } from '../../../src/bridges/index.js';
import type { Channel } from '../../../src/core/model.js';
import type { Store } from '../../../src/core/ports/store.js';
import type { AgentName, Way } from './plan.js';

export interface ShownCard {
  readonly number: number;
  /** All that it says, its buttons included. */
  readonly text: string;
  /** What stands in its thread, oldest first; what people wrote themselves included. */
  readonly posts: readonly string[];
}

export interface Trouble {
  readonly what: string;
  /** Brings it about, and takes it away again. */
  run(): Promise<void>;
}

/** Each resolves when the platform has taken it from the person; where it shows them an error, they do it again, as people would. */
export interface StoryPlatform {
  /** One for each mailbox, in their order. */
  readonly channels: readonly Channel[];
  readonly bridges: typeof createBridges;
  /** Whatever has to be known about people beforehand. */
  introduce?(store: Store): Promise<void>;
  /** The product is running, with its web desk here; said again after each restart. */
  opened?(url: string): void;
  /** Every card that is there; a second one of the same number is a second one here. */
  cards(): readonly ShownCard[];
  claim(agent: AgentName, number: number): Promise<void>;
  note(agent: AgentName, number: number, text: string): Promise<void>;
  answer(agent: AgentName, number: number, text: string, way: Way): Promise<void>;
  close(agent: AgentName, number: number): Promise<void>;
  /** Presses the button of this name on the card. */
  press(agent: AgentName, number: number, label: string): Promise<void>;
  readonly troubles: readonly Trouble[];
  /** @throws when something was sent that the platform would refuse, or that pings somebody */
  check(): void;
  stop(): Promise<void>;
}
