/** Files that people attached to a message: fetched before they are handed on, since Discord's addresses of them expire. */
import type { IncomingFile } from '../../core/ports/chat.js';
import { textIn, type Json } from './json.js';

/** A file that cannot be had within this is left out, in milliseconds. */
const DOWNLOAD_MS = 30_000;
/** Larger files make no attachment of a note or mail. */
const MAX_DOWNLOAD_BYTES = 26 * 1024 * 1024;

/** @returns what could be had, and the names of what could not */
export async function fetchFiles(attachments: readonly Json[]): Promise<{ readonly files: readonly IncomingFile[]; readonly lost: readonly string[] }> {
  const fetched = await Promise.all(attachments.map(async (attachment) => ({ name: textIn(attachment, 'filename') ?? 'file', file: await fetchFile(attachment).catch(() => undefined) })));
  return { files: fetched.flatMap(({ file }) => file ?? []), lost: fetched.flatMap(({ name, file }) => (file ? [] : [name])) };
}

async function fetchFile(attachment: Json): Promise<IncomingFile | undefined> {
  if (Number(attachment['size'] ?? 0) > MAX_DOWNLOAD_BYTES) return undefined;
  const response = await fetch(textIn(attachment, 'url') ?? '', { signal: AbortSignal.timeout(DOWNLOAD_MS) });
  if (!response.ok) return undefined;
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { name: textIn(attachment, 'filename') ?? 'file', contentType: textIn(attachment, 'content_type') ?? 'application/octet-stream', bytes: bytes.byteLength, read: () => Promise.resolve(bytes) };
}
