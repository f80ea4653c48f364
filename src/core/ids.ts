/**
 * Identifiers are opaque strings, minted only at the edge that owns them. A brand keeps one kind from being passed for another; nothing may
 * look inside.
 */
type Branded<Name extends string> = string & { readonly brand: Name };

/** Things described in desk.yaml are known by the key they have there (`anna`, `shop`, `returns`). */
export type AgentId = Branded<'AgentId'>;
export type TeamId = Branded<'TeamId'>;
export type MailboxId = Branded<'MailboxId'>;
export type ChannelId = Branded<'ChannelId'>;
export type FolderId = Branded<'FolderId'>;
export type LabelId = Branded<'LabelId'>;
export type TemplateId = Branded<'TemplateId'>;
export type RuleId = Branded<'RuleId'>;
export type GroupId = Branded<'GroupId'>;

/** Things that come to be while the desk runs have time-ordered ids (UUID version 7). */
export type ConversationId = Branded<'ConversationId'>;
export type MessageId = Branded<'MessageId'>;
export type NoteId = Branded<'NoteId'>;
export type EventId = Branded<'EventId'>;
export type CustomerId = Branded<'CustomerId'>;
export type CustomerNoteId = Branded<'CustomerNoteId'>;
export type CustomerEventId = Branded<'CustomerEventId'>;
export type CustomerMergeId = Branded<'CustomerMergeId'>;
export type RawMailId = Branded<'RawMailId'>;
export type AttachmentId = Branded<'AttachmentId'>;
export type ReminderId = Branded<'ReminderId'>;
export type AbsenceId = Branded<'AbsenceId'>;
export type MergeId = Branded<'MergeId'>;
export type NoticeId = Branded<'NoticeId'>;
export type BulkId = Branded<'BulkId'>;
export type SavedSearchId = Branded<'SavedSearchId'>;
export type DeliveryId = Branded<'DeliveryId'>;

const UUID_7 = /([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** When a time-ordered id was minted, in milliseconds since 1970 (RFC 9562 section 5.7); of a text with several, the last one counts. undefined: it holds none. */
export function mintedAt(text: string): number | undefined {
  const found = [...text.matchAll(UUID_7)].at(-1);
  return found && Number.parseInt(`${found[1] ?? ''}${found[2] ?? ''}`, 16);
}

/** Minted by a bridge for a thread or a post of its platform; only that bridge can read it. */
export type ThreadRef = Branded<'ThreadRef'>;
export type PostRef = Branded<'PostRef'>;

/** SHA-256 of a stored blob's bytes before compression, in lower-case hex. */
export type BlobHash = Branded<'BlobHash'>;
