import type { ParsedMail } from './mail.js';

/**
 * What sort of mail this is, as far as the mail itself tells. `reason` names the evidence ("Auto-Submitted: auto-replied") and is kept and
 * shown. Only `personal` mail is answered automatically, reopens a conversation or counts as the customer writing.
 */
export type MailKind =
  | { readonly kind: 'personal' }
  | { readonly kind: 'bounce'; readonly reason: string }
  | { readonly kind: 'auto-reply'; readonly reason: string }
  | { readonly kind: 'list'; readonly reason: string }
  | { readonly kind: 'system'; readonly reason: string };

/** @param ours addresses of the desk, lower case, without tags */
export type ClassifyMail = (mail: ParsedMail, ours?: ReadonlySet<string>) => MailKind;
