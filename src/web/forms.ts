/** Reading what a form sent. Whatever is not text where text is expected counts as empty. */
import type { Context } from 'hono';

export type Fields = Readonly<Record<string, string>>;

export interface Sent {
  readonly fields: Fields;
  /** By the name of their field. */
  readonly files: ReadonlyMap<string, readonly File[]>;
}

/** Reads a form once; later readers of the same request get the same. */
export async function readForm(c: Context): Promise<Sent> {
  const body = await c.req.parseBody({ all: true });
  const fields: Record<string, string> = {};
  const files = new Map<string, readonly File[]>();
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string') fields[name] = one.replace(/\r\n?/g, '\n');
      // An empty file field arrives as a file without name and content.
      else if (one.size > 0 || one.name !== '') files.set(name, [...(files.get(name) ?? []), one]);
    }
  }
  return { fields, files };
}
