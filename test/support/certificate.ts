import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { serverPath } from './servers.js';
import { tempFolder } from './temp-folder.js';

export interface Certificate {
  /** PEM; a client that is given it as `ca` trusts the server. */
  readonly cert: string;
  readonly key: string;
}

let made: Promise<Certificate> | undefined;

/** A self-signed certificate for localhost and 127.0.0.1, made once per process. Nobody trusts it who was not told to. */
export function certificate(): Promise<Certificate> {
  made ??= make();
  return made;
}

async function make(): Promise<Certificate> {
  const folder = tempFolder('certificate');
  const cert = join(folder.path, 'cert.pem');
  const key = join(folder.path, 'key.pem');
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const keyKind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await promisify(execFile)(serverPath('openssl'), ['req', '-x509', ...keyKind, '-days', '2', ...subject, '-keyout', key, '-out', cert]);
  const pair = { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  await folder.remove();
  return pair;
}
