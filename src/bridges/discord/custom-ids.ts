/**
 * What a button or form says when it comes back, in the 100 characters that Discord gives it. UUIDs are written in 22 characters instead of 36. What does not fit is kept here for a while and
 * only its name travels.
 */
import { randomBytes } from 'node:crypto';

import type { ConversationId } from '../../core/ids.js';
import { MAX_CUSTOM_ID_CHARS } from './limits.js';

const KINDS = ['do', 'form', 'send', 'more', 'edit', 'template', 'pick', 'verb'] as const;
type Kind = (typeof KINDS)[number];

export interface Pressed {
  /** do: the verb; form: asks for it first; send: the form came back; more: what else can be done; edit: takes an answer back and opens it again; template: offers prepared answers; pick: one was chosen; verb: a verb was chosen. */
  readonly kind: Kind;
  readonly verb: string;
  readonly conversationId: ConversationId | undefined;
  readonly revision: number | undefined;
  readonly args: Readonly<Record<string, string>>;
}

/** As many forms and answers as people have open at once, with room. */
const MAX_KEPT = 5_000;

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/;
const SHORT_UUID = /^~([\w-]{22})$/;

export interface CustomIds {
  write(pressed: Pressed): string;
  /** undefined: not ours, or forgotten since (after a restart). */
  read(customId: string): Pressed | undefined;
}

export function createCustomIds(): CustomIds {
  const kept = new Map<string, Pressed>();
  return {
    write(pressed) {
      const args = Object.entries(pressed.args).flatMap(([name, value]) => [encodeURIComponent(name), encodeURIComponent(squeeze(value))]);
      const written = [pressed.kind, pressed.verb, pressed.conversationId ? squeeze(pressed.conversationId) : '', pressed.revision ?? '', ...args].join(':');
      if (written.length <= MAX_CUSTOM_ID_CHARS) return written;
      const name = `kept:${randomBytes(12).toString('base64url')}`;
      kept.set(name, pressed);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return name;
    },
    read(customId) {
      const known = kept.get(customId);
      if (known) return known;
      const [kind, verb = '', conversation = '', revision = '', ...rest] = customId.split(':');
      if (!isKind(kind)) return undefined;
      const args: Record<string, string> = {};
      for (let index = 0; index + 1 < rest.length; index += 2) args[decodeURIComponent(rest[index] ?? '')] = unsqueeze(decodeURIComponent(rest[index + 1] ?? ''));
      return { kind, verb, conversationId: conversation ? (unsqueeze(conversation) as ConversationId) : undefined, revision: revision ? Number(revision) : undefined, args };
    },
  };
}

const isKind = (text: string | undefined): text is Kind => KINDS.some((kind) => kind === text);

function squeeze(value: string): string {
  return UUID.test(value) ? `~${Buffer.from(value.replaceAll('-', ''), 'hex').toString('base64url')}` : value;
}

function unsqueeze(value: string): string {
  const short = SHORT_UUID.exec(value)?.[1];
  if (short === undefined) return value;
  return Buffer.from(short, 'base64url').toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
