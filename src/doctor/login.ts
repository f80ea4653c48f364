/** What is to be said about a server login before anybody connects. */
import { BlockList, isIP } from 'node:net';

import type { Mailbox, ServerLogin } from '../core/model.js';
import { warn, type Finding } from './finding.js';

/** This machine and private networks (RFC 1918, RFC 4193): nobody outside listens in. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');

export function checkLogin({ id }: Pick<Mailbox, 'id'>, { host, security, trustAnyCertificate }: ServerLogin): readonly Finding[] {
  if (security === 'none') return isPrivate(host) ? [] : [warn('doctor.no-tls', { mailbox: id, host })];
  return trustAnyCertificate ? [warn('doctor.trust-any', { mailbox: id, host })] : [];
}

/** The one to try when a server does not speak this one. */
export function otherSecurity(security: ServerLogin['security']): ServerLogin['security'] {
  return security === 'starttls' ? 'tls' : 'starttls';
}

function isPrivate(host: string): boolean {
  const family = isIP(host);
  if (family !== 0) return PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4');
  // A name without a dot is one of this network: localhost, a container.
  return !host.includes('.') || host.endsWith('.localhost');
}
