import type { StoredFile } from '../core/model.js';
import { Refusal } from '../core/errors.js';

/** Files as forms hand them on. @throws Refusal when it is no such list */
export function readFiles(json: string | undefined): readonly StoredFile[] {
  if (!json) return [];
  try {
    const files: unknown = JSON.parse(json);
    if (Array.isArray(files) && files.every(isFile)) return files;
  } catch {
    // Told below, like a list of the wrong shape.
  }
  throw new Refusal('refused.missing-option', { option: 'files', example: '[{"blob":"…","fileName":"…","contentType":"…","bytes":0}]' });
}

function isFile(value: unknown): value is StoredFile {
  const file = value as Partial<Record<keyof StoredFile, unknown>> | null;
  return typeof file?.blob === 'string' && /^[0-9a-f]{64}$/.test(file.blob) && typeof file.fileName === 'string' && typeof file.contentType === 'string' && typeof file.bytes === 'number';
}
