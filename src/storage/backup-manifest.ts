/** What a backup says of itself: written last and by a rename, so that a folder with a manifest holds a whole backup. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

export const MANIFEST = 'manifest.json';
/** Counts up when an older program could not restore what a newer one wrote. */
const FORMAT = 1;

const count = z.int().nonnegative();
const schema = z.object({
  format: z.literal(FORMAT, `is of a format that this version does not know`),
  program: z.literal('goniec'),
  /** Of the program that made it. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  database: z.object({
    engine: z.enum(['sqlite', 'postgresql']),
    /** Lies beside the manifest; only a name, never a path. */
    file: z.string().regex(/^[\w.-]+$/),
    bytes: count,
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  counts: z.object({ conversations: count, messages: count, mails: count }),
  blobs: z.object({ files: count, bytes: count }),
});

export type Manifest = z.infer<typeof schema>;

/** A backup cannot be made or used; the message says what to do. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

export async function writeManifest(folder: string, content: Omit<Manifest, 'format' | 'program'>): Promise<Manifest> {
  const manifest: Manifest = { format: FORMAT, program: 'goniec', ...content };
  const temporary = join(folder, `${MANIFEST}.tmp`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, MANIFEST));
  return manifest;
}

/** @throws BackupRefused when there is none, or one that this program cannot use */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => undefined);
  if (text === undefined) throw new BackupRefused(`${folder} holds no finished backup: there is no ${MANIFEST} in it.`);
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BackupRefused(`${join(folder, MANIFEST)} cannot be used: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is not what a backup says of itself'}.`);
}

/** @throws BackupRefused when the database in the backup is not the one that the manifest speaks of */
export async function checkDatabase(folder: string, { database }: Manifest): Promise<void> {
  const found = await sha256Of(join(folder, database.file)).catch(() => undefined);
  if (found === undefined) throw new BackupRefused(`The backup is not whole: ${database.file} is missing from ${folder}.`);
  if (found !== database.sha256) throw new BackupRefused(`The backup is damaged: ${database.file} is not what was backed up (SHA-256 ${found}, expected ${database.sha256}). Take another copy of it.`);
}

/** Of a file's bytes, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
