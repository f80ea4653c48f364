/** Names for attachments that are safe to show, to save and to send on: no path, no control or direction-changing characters, never empty. */

/** ext4 and NTFS take 255 bytes; a third of that leaves room for four-byte characters and for a prefix. */
const MAX_NAME_CHARS = 80;

/** Control characters, separators, what Windows refuses, and the characters that turn the writing direction (exe.gpj tricks). */
 
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

const EXTENSIONS: Readonly<Record<string, string>> = {
  'message/rfc822': '.eml', 'message/global': '.eml', 'text/rfc822-headers': '.txt', 'message/delivery-status': '.txt', 'message/feedback-report': '.txt', 'message/disposition-notification': '.txt', 'text/plain': '.txt', 'text/html': '.html',
  'text/calendar': '.ics', 'text/csv': '.csv', 'text/vcard': '.vcf', 'image/png': '.png', 'image/jpeg': '.jpg', 'image/jpg': '.jpg', 'image/gif': '.gif', 'image/webp': '.webp', 'image/svg+xml': '.svg', 'image/tiff': '.tif', 'image/bmp': '.bmp',
  'application/pdf': '.pdf', 'application/zip': '.zip', 'application/json': '.json', 'application/pgp-signature': '.asc', 'application/pkcs7-signature': '.p7s', 'application/ms-tnef': '.dat', 'audio/mpeg': '.mp3', 'audio/wav': '.wav', 'video/mp4': '.mp4',
};

/** What the file is called when its sender did not say. */
const STEMS: Readonly<Record<string, string>> = {
  'message/rfc822': 'message', 'message/global': 'message', 'text/rfc822-headers': 'original-headers', 'message/delivery-status': 'delivery-status', 'message/feedback-report': 'feedback-report', 'text/calendar': 'invitation',
};

export function safeFileName(name: string | undefined, contentType: string, number: number): string {
  const base = (name ?? '').split(/[\\/]/).pop() ?? '';
  const clean = base.replace(UNSAFE, '').replace(/\s+/g, ' ').replace(/^[.\s]+|[.\s]+$/g, '');
  if (clean === '') return `${STEMS[contentType] ?? (contentType.startsWith('image/') ? 'image' : 'file')}-${String(number)}${EXTENSIONS[contentType] ?? ''}`;
  const named = contentType === 'message/rfc822' && !/\.eml$/i.test(clean) ? `${clean}.eml` : clean;
  return shorten(named);
}

function shorten(name: string): string {
  const signs = [...name];
  if (signs.length <= MAX_NAME_CHARS) return name;
  const dot = signs.lastIndexOf('.');
  const ending = dot > 0 && signs.length - dot <= 12 ? signs.slice(dot) : [];
  return [...signs.slice(0, MAX_NAME_CHARS - ending.length), ...ending].join('');
}
