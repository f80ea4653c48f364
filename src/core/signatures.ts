/**
 * Where a signature begins. Only lines that mail programs write themselves are taken for one; "Regards, Anna" is the sender's own word and
 * stays. A dash with blanks is the delimiter of RFC 3676 section 4.3.
 */

/** A longer tail after a bare `--` is more likely a divider inside the text than a signature. */
const MAX_LOOSE_SIGNATURE_LINES = 15;

/** "Sent from my iPhone" is short; a longer line is prose that happens to start so. */
const MAX_MOBILE_LINE_CHARS = 160;

export type SignatureKind = 'strict' | 'loose' | 'rule' | 'mobile';

const DEVICE =
  '(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|pixel|nokia|sony|xperia|lg|htc|oneplus|blackberry|windows phone|mobile|mobil\\w*|handy|smartphone|smartfon\\w*|telefon\\w*|teléfono|telefone|tablet\\w*|outlook|gmail|yahoo|aol|proton\\s?mail|mail\\.ru|typeapp|bluemail|spark|newton|acompli|mailspring|airmail|sparrow|mail for windows|windows mail|mail app|gmx|web\\.de|t-online|o2|wp|onet|interia|seznam|yandex|яндекс|айфон\\w*|мобильн\\w*|почт\\w*)';

/** Each begins a line, in the language of the device. The device must follow, so that "Sent from our warehouse" is not taken for one. */
const MOBILE_LEADS = [
  'sent (?:from|via|with|using) (?:my|the|a|an)? ?',
  'get ',
  'sent from mail for ',
  'wysłan[eoya] ?(?:z|ze|za pomocą|przez|w)? (?:mojego |aplikacji |programu |urządzenia |poczty )*',
  'gesendet (?:von|mit|aus|über|via) (?:meinem |meiner |der |dem )?',
  'von meinem ',
  'diese nachricht wurde von meinem ',
  'envoyé (?:de|depuis|à partir de|avec|par) (?:mon |ma |l’|l\'|d’|un |une )?',
  'provenance ?: ',
  'télécharger ',
  'obtenir ',
  'obtener ',
  'enviado (?:desde|do|da|de|a partir do|a partir de|pelo|por|con|com|mediante) (?:mi |meu |minha |o |el )?',
  'obter o ',
  'inviat[oa] (?:da|dal|dalla|con|tramite) (?:il )?(?:mio |mia )?',
  'scarica ',
  'ottieni ',
  'verzonden (?:vanaf|vanuit|van|met|via) (?:mijn |de )?',
  'verstuurd (?:vanaf|vanuit|van|met|via) (?:mijn )?',
  'download ',
  'skickat från (?:min |mitt )?',
  'hämta ',
  'sendt (?:fra|med|via) (?:min |mitt )?',
  'hent ',
  'få ',
  'lähetetty (?:laitteesta )?',
  'odesláno (?:z|ze|pomocí) (?:mého |mojeho |aplikace )?',
  'odoslané (?:z|zo|pomocou) (?:môjho )?',
  'získejte ',
  'отправлено (?:с|из|от|через) (?:моего |моей )?',
  'надіслано (?:з|із) (?:мого |моєї )?',
  'trimis (?:de pe|din|cu) (?:meu )?',
  'küldve (?:az? )?',
  'pobierz (?:aplikację )?',
];

const MOBILE = new RegExp(`^(?:${MOBILE_LEADS.join('|')})[\\s"'“„«]*${DEVICE}(?![\\p{L}])`, 'iu');
/** "Sent from my Wiko RIDGE": a possessive leaves no doubt, whatever the device is called. */
const MOBILE_MINE = /^(?:sent from my|von meinem|gesendet von meinem|envoyé de mon|envoyé depuis mon|enviado desde mi|enviado do meu|inviato dal mio|verzonden vanaf mijn|skickat från min|sendt fra min|wysłano z mojego|отправлено с моего) \p{L}/iu;
/** Languages that put the verb last. */
const MOBILE_LAST = /^(?:von meinem .{2,40} gesendet|.{0,12}iphone['’]?\p{L}* (?:gönderildi|küldve|elküldve)|.{0,40}(?:から送信|发送|發送))\.?$/iu;

/** What kind of signature line this is, if any. */
export function signatureLine(line: string): SignatureKind | undefined {
  const first = line.charCodeAt(0);
  if (first === 0x2d) {
    if (line === '-- ' || line === '--\u00a0') return 'strict';
    return /^-{2,3}\s*$/.test(line) ? 'loose' : undefined;
  }
  if (first === 0x5f) {
    if (/^_{2,3}\s*$/.test(line)) return 'loose';
    return /^_{4,}\s*$/.test(line) ? 'rule' : undefined;
  }
  const text = line.length > MAX_MOBILE_LINE_CHARS ? stripLink(line.slice(0, 600)) : stripLink(line);
  if (text.length < 6 || text.length > MAX_MOBILE_LINE_CHARS / 2) return undefined;
  if (MOBILE_MINE.test(text) || MOBILE.test(text) || MOBILE_LAST.test(text)) return 'mobile';
  return undefined;
}

/** Outlook writes `Get Outlook for iOS<https://aka.ms/...>`, Markdown `[Outlook for iOS](https://...)`. */
function stripLink(line: string): string {
  let text = line.trim();
  if (text.includes('<http')) text = text.replace(/<https?:[^<>\s]{1,400}>/g, '');
  if (text.includes('](')) text = text.replace(/\[([^[\]]{1,80})\]\([^()\s]{1,400}\)/g, '$1');
  return text.replace(/^[*_]{1,2}|[*_]{1,2}$/g, '').trim();
}

/** Whether what follows a signature line may be folded with it. `tail` holds the lines after it, up to the next quotation. */
export function signatureReaches(kind: SignatureKind, tail: readonly string[]): boolean {
  if (kind === 'strict') return true;
  const filled = tail.filter((line) => line.trim() !== '');
  if (kind === 'mobile') return !filled.some((line) => /^\s*p\.? ?p?\.?s\b/i.test(line));
  if (filled.length > MAX_LOOSE_SIGNATURE_LINES) return false;
  // A second divider or a question: this is text with lines drawn in it, not a signature.
  if (kind === 'loose' && filled.some((line) => /^[-_]{2,3}\s*$|\?\s*$/.test(line))) return false;
  if (kind === 'loose') return filled.length > 0;
  return filled.slice(0, 3).some((line) => /mailing list|unsubscribe|https?:\/\/|\S@\S|lista dyskusyjna/i.test(line));
}
