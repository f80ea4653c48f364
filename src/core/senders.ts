/**
 * Whose mail is spam without a look at it, and whose never is. An entry is an address or a whole domain; the nearest to the address speaks, so that one person of a blocked
 * domain can be let in, and one of an allowed domain kept out.
 */
import type { AgentId } from './ids.js';
import { withoutTag } from './recipients.js';
import type { SenderPattern, SenderVerdict, SpamSettings } from './spam-settings.js';

export { DEFAULT_SPAM, type SenderPattern, type SenderVerdict, type SpamSettings } from './spam-settings.js';

/** An entry that a person made with a verb. There is one at most for each pattern. */
export interface SenderEntry {
  readonly pattern: SenderPattern;
  readonly verdict: SenderVerdict;
  readonly agentId: AgentId;
  readonly at: Date;
}

/** What decided, so that people can be told. */
export interface SenderJudgement {
  readonly verdict: SenderVerdict;
  readonly pattern: SenderPattern;
  readonly by: 'desk-file' | 'person';
}

const LOCAL = /^[^\s@<>()[\],;:\\"]{1,64}$/;
const DOMAIN = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

/** Reads what people write: an address, `@domain`, `*@domain`, or the domain alone. undefined: it is none of these. */
export function readSenderPattern(said: string): SenderPattern | undefined {
  const text = said.trim().replace(/^<(.*)>$/, '$1').toLowerCase();
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  if (!DOMAIN.test(domain)) return undefined;
  if (local === '' || local === '*') return `@${domain}` as SenderPattern;
  return LOCAL.test(local) ? (text as SenderPattern) : undefined;
}

const isDomain = (pattern: SenderPattern): boolean => pattern.startsWith('@');

/** The domain of an address, as a pattern. */
export function domainOf(address: string): SenderPattern {
  return `@${address.slice(address.lastIndexOf('@') + 1).toLowerCase()}` as SenderPattern;
}

/** Every pattern that fits an address, the nearest first. */
export function patternsFor(address: string): readonly SenderPattern[] {
  const lower = address.toLowerCase();
  const labels = lower.slice(lower.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_label, index) => `@${labels.slice(index).join('.')}`);
  return [...new Set([lower, withoutTag(lower), ...domains])] as SenderPattern[];
}

/** @param entries what people said about any of `patternsFor(address)` */
export function judgeSender(address: string, settings: Pick<SpamSettings, 'blocked' | 'allowed'>, entries: readonly SenderEntry[]): SenderJudgement | undefined {
  for (const pattern of patternsFor(address)) {
    const said = entries.find((entry) => entry.pattern === pattern)?.verdict;
    const written = settings.allowed.includes(pattern) ? 'allowed' : settings.blocked.includes(pattern) ? 'blocked' : undefined;
    // Letting in is the lesser harm: of two that say otherwise about the same, it counts.
    if (said === 'allowed' || written === 'allowed') return { verdict: 'allowed', pattern, by: said === 'allowed' ? 'person' : 'desk-file' };
    if (said ?? written) return { verdict: 'blocked', pattern, by: said ? 'person' : 'desk-file' };
  }
  return undefined;
}

/** The settings with what people said put into them, as desk.yaml would have it. */
export function withEntries(settings: SpamSettings, entries: readonly SenderEntry[]): SpamSettings {
  const said = (verdict: SenderVerdict): readonly SenderPattern[] => entries.filter((entry) => entry.verdict === verdict).map(({ pattern }) => pattern);
  const allowed = [...new Set([...settings.allowed, ...said('allowed')])];
  return { ...settings, allowed, blocked: [...new Set([...settings.blocked, ...said('blocked')])].filter((pattern) => !allowed.includes(pattern)) };
}

/** Domains at which anybody has an address: blocking one by a word would keep real customers out. Source: what the largest providers hand out, and those of Poland. */
const PUBLIC_DOMAINS: ReadonlySet<string> = new Set([
  'aol.com', 'fastmail.com', 'free.fr', 'gmail.com', 'gmx.com', 'gmx.de', 'gmx.net', 'googlemail.com', 'hotmail.com', 'icloud.com', 'interia.eu', 'interia.pl', 'live.com', 'mail.com', 'mail.ru', 'me.com', 'msn.com',
  'o2.pl', 'onet.eu', 'onet.pl', 'op.pl', 'orange.fr', 'outlook.com', 'poczta.fm', 'poczta.onet.pl', 'proton.me', 'protonmail.com', 'qq.com', 'seznam.cz', 't-online.de', 'tlen.pl', 'vp.pl', 'web.de', 'wp.pl', 'yahoo.com',
  'yahoo.co.uk', 'yandex.ru', 'zoho.com',
]);

/** Why a pattern must not be blocked: it is one of us, or a provider of everybody. undefined: it may be. */
export function whyNotBlock(pattern: SenderPattern, ours: readonly string[]): 'ours' | 'public' | undefined {
  if (ours.some((address) => patternsFor(address).includes(pattern))) return 'ours';
  return isDomain(pattern) && PUBLIC_DOMAINS.has(pattern.slice(1)) ? 'public' : undefined;
}
