import type { Desk } from '../core/model.js';
import type { Store } from '../core/ports/store.js';

/** The desk as it is now. It is read once and again after every change of it, since every mail and every verb asks for it. */
export interface CurrentDesk {
  (): Promise<Desk>;
  /** As last read, for callers that cannot wait. */
  readonly last: () => Desk;
  stop(): void;
}

export async function followDesk(store: Store, onChange: (desk: Desk) => void): Promise<CurrentDesk> {
  let last = await store.desk.load();
  let reading: Promise<Desk> = Promise.resolve(last);
  const stop = store.onChange(({ desk }) => {
    if (!desk) return;
    reading = store.desk.load();
    reading.then(
      (loaded) => {
        last = loaded;
        onChange(loaded);
      },
      // The next caller sees the error; until then the last known desk stays good.
      () => {
        reading = Promise.resolve(last);
      },
    );
  });
  return Object.assign(() => reading, { last: () => last, stop });
}
