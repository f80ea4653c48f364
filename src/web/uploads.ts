/** Files that an agent adds to an answer: kept in the blob store at once, so that a stopped answer does not lose them. */
import { z } from 'zod';
import type { BlobHash } from '../core/ids.js';
import type { Blobs } from '../core/ports/effects.js';
import type { StoredFile } from '../core/model.js';

const MAX_NAME_CHARS = 150;

export async function keepUploads(blobs: Blobs, uploads: readonly File[]): Promise<readonly StoredFile[]> {
  const kept: StoredFile[] = [];
  for (const file of uploads) {
    const content = new Uint8Array(await file.arrayBuffer());
    kept.push({ blob: await blobs.put(content), fileName: safeName(file.name), contentType: safeType(file.type), bytes: content.byteLength });
  }
  return kept;
}

const shape = z.array(z.object({ blob: z.string().regex(/^[0-9a-f]{64}$/), fileName: z.string().min(1), contentType: z.string(), bytes: z.number().int().nonnegative() }));

/** Files of an answer that was stopped, as its form carries them. */
export function keptFiles(json: string | undefined): readonly StoredFile[] {
  if (!json) return [];
  try {
    return shape.parse(JSON.parse(json)).map((file) => ({ ...file, blob: file.blob as BlobHash, fileName: safeName(file.fileName), contentType: safeType(file.contentType) }));
  } catch {
    return [];
  }
}

/** No path, no control or direction characters. */
function safeName(name: string): string {
  const bare = (name.split(/[\\/]/).at(-1) ?? '').replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return bare.slice(-MAX_NAME_CHARS) || 'file';
}

function safeType(type: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type.toLowerCase() : 'application/octet-stream';
}
