/**
 * Every place of the database that names blobs, for backup (they are to be there) and for deleting (nothing else may need them). Whatever begins to keep files in blobs adds its
 * place here.
 */

/** A column each. The line of a mail that was deleted still has its hash, so that the mail is known again, but the bytes are gone. */
export const NAMED_BLOBS = `SELECT "blob" FROM "raw_mails" WHERE "blob" IS NOT NULL AND "state" <> 'purged' UNION SELECT "blob" FROM "attachments" WHERE "blob" IS NOT NULL`;

/** Lists of stored files, as JSON. */
export const FILE_LISTS = `SELECT "files" FROM "notes" WHERE "files" <> '[]' UNION ALL SELECT "files" FROM "templates" WHERE "files" <> '[]'`;

export function blobsInList(json: string): readonly string[] {
  return (JSON.parse(json) as readonly { readonly blob: string }[]).map(({ blob }) => blob);
}
