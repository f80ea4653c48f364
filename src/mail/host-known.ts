import { lookup } from 'node:dns/promises';

import { codeOf } from './certificate-reason.js';

/** Names that do not exist; anything else that goes wrong is the network's fault and shows when connecting. */
const NO_SUCH_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** false when the name of this server certainly does not exist. Takes as long as the system's resolver does, so it wants a time limit around it. */
export async function hostIsKnown(host: string): Promise<boolean> {
  try {
    await lookup(host);
    return true;
  } catch (error) {
    return !NO_SUCH_NAME.has(codeOf(error) ?? '');
  }
}
