/** Files to Slack (files.upload is retired: a place to upload is asked for, the bytes are sent there, then the file is shared) and from it. */
import { BridgeError } from '../../core/errors.js';
import type { PostFile } from '../../core/post.js';
import { call, type Client } from './client.js';
import type { Place } from './refs.js';
import { plain } from './text.js';

const MAX_NAME_CHARS = 200;
/** For sending or fetching the bytes of one file, in milliseconds. */
const TRANSFER_TIMEOUT_MS = 120_000;
/** A larger one would fill our memory; people can still open it in Slack. In bytes. */
export const MAX_INCOMING_BYTES = 50_000_000;

/** Uploads all and shares them in one message of the thread. Empty files are left out: Slack refuses them. */
export async function shareFiles(client: Client, files: readonly PostFile[], thread: Place): Promise<void> {
  const uploaded: { id: string; title: string }[] = [];
  for (const file of files) {
    const bytes = await file.read();
    if (bytes.byteLength === 0) continue;
    const name = plain(file.name, MAX_NAME_CHARS);
    const { upload_url: url, file_id: id } = await call('files.getUploadURLExternal', () => client.files.getUploadURLExternal({ filename: name, length: bytes.byteLength }));
    if (!url || !id) throw new BridgeError('unavailable', true, 'files.getUploadURLExternal gave no place');
    await send(url, bytes);
    uploaded.push({ id, title: name });
  }
  const [first, ...rest] = uploaded;
  if (first) await call('files.completeUploadExternal', () => client.files.completeUploadExternal({ files: [first, ...rest], channel_id: thread.channel, thread_ts: thread.ts }));
}

async function send(url: string, bytes: Uint8Array): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: Buffer.from(bytes), signal: AbortSignal.timeout(TRANSFER_TIMEOUT_MS) });
  } catch (error) {
    // Bytes that were not shared are not seen by anybody: it can be done again.
    throw new BridgeError('unavailable', true, 'the upload of a file broke off', undefined, { cause: error });
  }
  if (!response.ok) throw new BridgeError('unavailable', true, `the upload of a file was answered with HTTP ${response.status}`);
}

/** Names and sizes of what we have shared in a thread since a post, so that a repeated try does not share it twice. */
export async function sharedAlready(client: Client, thread: Place, since: string, botUserId: string): Promise<ReadonlySet<string>> {
  const page = await call('conversations.replies', () => client.conversations.replies({ channel: thread.channel, ts: thread.ts, oldest: since, limit: 200 }));
  return new Set((page.messages ?? []).filter(({ user }) => user === botUserId).flatMap(({ files }) => files ?? []).map(({ name, size }) => `${name ?? ''}:${size ?? 0}`));
}

export const fileKey = ({ name, bytes }: PostFile): string => `${plain(name, MAX_NAME_CHARS)}:${bytes}`;

/** Fetches what a person attached. The token goes to Slack only, whatever a message claims about where its file is. */
export async function fetchFile(url: string, token: string, apiUrl: string): Promise<Uint8Array> {
  const { origin, protocol, hostname } = new URL(url);
  const ours = origin === new URL(apiUrl).origin || (protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com')));
  if (!ours) throw new BridgeError('forbidden', true, `a file lies at ${hostname}, which is not Slack`);
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(TRANSFER_TIMEOUT_MS) }).catch((error: unknown) => {
    throw new BridgeError('unavailable', true, 'a file could not be fetched', undefined, { cause: error });
  });
  // Without the right (files:read), Slack answers with its login page.
  if (!response.ok || (response.headers.get('content-type') ?? '').startsWith('text/html')) throw new BridgeError('forbidden', true, `a file could not be fetched: HTTP ${response.status}. Is the scope files:read granted?`);
  return new Uint8Array(await response.arrayBuffer());
}
