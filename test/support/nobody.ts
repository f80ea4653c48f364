import type { ChatEvents } from '../../src/core/ports/chat.js';

/** For bridges under test that nobody speaks to: whoever does all the same hears about it. */
export const nobody: ChatEvents = new Proxy({} as ChatEvents, {
  get: (_target, name) => () => Promise.reject(new Error(`nobody expected ${String(name)}`)),
});
