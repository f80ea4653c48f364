/**
 * Words that mail programs write around a quoted or forwarded mail, in the languages they are found in. Data only: `quotes` and `forwards`
 * decide what the words mean. Collected from the mail programs' own wording (Gmail, Outlook, Apple Mail, Thunderbird, Yahoo, Zoho, mobile
 * clients).
 */

/** What a line such as `From: jan@example.com` is about. */
export type HeaderRole = 'from' | 'to' | 'cc' | 'date' | 'subject' | 'other';

const HEADER_WORDS: Readonly<Record<HeaderRole, readonly string[]>> = {
  from: [
    'from', 'von', 'de', 'da', 'van', 'fra', 'från', 'od', 'от', 'від', 'від кого', 'от кого', 'lähettäjä', 'feladó', 'kimden', 'gönderen', 'gönderici',
    'šalje', 'mittente', 'expeditorul', 'expeditor', 'de la', 'saatja', 'nadawca', 'отправитель', 'відправник', 'odosielateľ', 'odesílatel', 'afzender',
    'absender', 'remitente', 'remetente', 'expéditeur', 'afsender', 'avsender', 'avsändare', 'από', 'từ', '送信元', '差出人', '发件人', '寄件者', '보낸 사람',
    'message de', 'nuo', 'od koho', 'подател',
  ],
  to: [
    'to', 'an', 'à', 'a', 'pour', 'para', 'aan', 'til', 'till', 'do', 'komu', 'кому', 'vastaanottaja', 'címzett', 'kime', 'alıcı', 'prima', 'destinatario',
    'destinataire', 'destinatário', 'destinatarul', 'către', 'pre', 'adresat', 'saaja', 'προς', 'đến', '送信先', '宛先', '收件人', '收件者', '받는 사람', 'за', 'kam',
  ],
  cc: [
    'cc', 'dw', 'kopie', 'kopia', 'kopio', 'kopi', 'kópia', 'копия', 'копія', 'másolat', 'másolatot kap', 'bilgi', 'copie à', 'copie', 'copia', 'cópia',
    'kopie (cc)', 'do wiadomości', 'bcc', 'cci', 'ccn', 'κοιν', '抄送', '副本', '参照', '참조',
  ],
  date: [
    'date', 'sent', 'sent on', 'datum', 'gesendet', 'gesendet am', 'data', 'wysłano', 'wysłane', 'dato', 'sendt', 'skickat', 'skickades', 'envoyé', 'envoyé le',
    'fecha', 'enviado', 'enviado el', 'enviada', 'enviada em', 'enviado em', 'inviato', 'inviato il', 'verzonden', 'päiväys', 'päivämäärä', 'lähetetty',
    'dátum', 'elküldve', 'küldve', 'dată', 'trimis', 'дата', 'отправлено', 'відправлено', 'надіслано', 'tarih', 'gönderilen', 'gönderme tarihi', 'odesláno',
    'odoslané', 'odoslaná', 'poslano', 'message du', 'ημερομηνία', 'ngày', '日付', '送信日時', '日時', '发送时间', '日期', '보낸 날짜', 'kuupäev', 'изпратено',
  ],
  subject: [
    'subject', 'betreff', 'objet', 'sujet', 'asunto', 'assunto', 'oggetto', 'onderwerp', 'emne', 'ämne', 'temat', 'тема', 'aihe', 'tárgy', 'konu', 'předmět',
    'predmet', 'naslov', 'subiect', 'subiectul', 'teema', 'θέμα', 'chủ đề', '件名', '主题', '主旨', '제목', 'относно',
  ],
  other: ['reply-to', 'reply to', 'antwort an', 'odpowiedz do', 'répondre à', 'organization', 'importance', 'wichtigkeit', 'priorität', 'ważność', 'attachments', 'anlagen', 'załączniki', 'categories'],
};

const ROLE_BY_WORD: ReadonlyMap<string, HeaderRole> = new Map(
  (Object.entries(HEADER_WORDS) as [HeaderRole, readonly string[]][]).flatMap(([role, words]) => words.map((word) => [word, role] as const)),
);

/** The longest word above is shorter; a longer prefix before the colon is no header name. */
const MAX_HEADER_NAME_CHARS = 24;

/** One `Name: value` line of a quoted header, with its role. Bold markers (`*From:*`, `**From:**`) are how mail programs write them as text. */
export function headerLine(line: string): { role: HeaderRole; value: string } | undefined {
  let start = 0;
  while (start < line.length && start < 64 && HEADER_LEAD.has(line.charCodeAt(start))) start++;
  let colon = -1;
  const limit = Math.min(line.length, start + MAX_HEADER_NAME_CHARS);
  for (let at = start; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === 0x3a || code === 0xff1a) {
      colon = at;
      break;
    }
  }
  if (colon <= start) return undefined;
  const name = line.slice(start, colon).replace(/[*_\s\u00a0]+$/, '').toLowerCase();
  const role = ROLE_BY_WORD.get(name);
  if (role === undefined) return undefined;
  return { role, value: line.slice(colon + 1).replace(/^[*_\s\u00a0]+/, '').trim() };
}

/** Blank, tab, no-break space, byte-order mark, zero-width space, `*` and `_` may stand before a header name. */
const HEADER_LEAD: ReadonlySet<number> = new Set([0x20, 0x09, 0xa0, 0xfeff, 0x200b, 0x2a, 0x5f]);

/** Words that end or carry an attribution ("... wrote:"). Whole words, lower case. */
export const WROTE_WORDS: readonly string[] = [
  'wrote', 'writes', 'sent', 'said', 'schrieb', 'geschrieben', 'schreibt', 'a écrit', 'a ecrit', 'écrit', 'escribió', 'escribio', 'escreveu', 'ha scritto', 'scrive', 'scritto',
  'schreef', 'geschreven', 'skrev', 'skreiv', 'kirjoitti', 'napisał', 'napisała', 'napisał(a)', 'napisał/a', 'napisana przez', 'pisze', 'napisał (a)', 'napsal', 'napsala', 'napsal(a)', 'napísal', 'napísala',
  'napísal(a)', 'написал', 'написала', 'написал(а)', 'пишет', 'написав', 'написала', 'пише', 'a scris', 'yazdı', 'şunu yazdı', 'írta', 'đã viết', 'je napisao', 'je napisala',
  'napisao', 'följande', 'ezt írta', 'schrijft', 'kirjutas', 'rašė', 'rakstīja', 'έγραψε', 'написа', '写道', '寫道', 'のメッセージ',
];

/** Words an attribution starts with ("On Mon, ..."). Lower case, followed by a blank. */
export const ATTRIBUTION_STARTS: readonly string[] = [
  'on', 'am', 'le', 'el', 'il', 'il giorno', 'in data', 'op', 'den', 'd', 'på', 'w dniu', 'dnia', 'em', 'a', 'vào', 'dne', 'dňa', 'dana', 'la data', 'pe', 'în', 'no dia', 'at', 'um', 'sent from',
];

/**
 * What stands between the dashes of `-----Original Message-----`. Lower case. Forwards are in `FORWARD_SEPARATORS`: they are the message,
 * not its history.
 */
export const REPLY_SEPARATORS: readonly string[] = [
  'original message', 'original appointment', 'reply message', 'ursprüngliche nachricht', 'originalnachricht', 'ursprüngliche mail', 'antwort nachricht', 'oprindelig meddelelse',
  'oprindelig besked', 'original meddelelse', 'message d’origine', "message d'origine", 'message original', 'message initial', 'mensaje original', 'mensagem original', 'messaggio originale',
  'oorspronkelijk bericht', 'ursprungligt meddelande', 'originalmeddelande', 'opprinnelig melding', 'oryginalna wiadomość', 'wiadomość oryginalna', 'wiadomość oryginalna / original message', 'treść oryginalnej wiadomości',
  'původní zpráva', 'pôvodná správa', 'исходное сообщение', 'оригинальное сообщение', 'пересланное сообщение от', 'вихідне повідомлення', 'eredeti üzenet', 'orijinal mesaj', 'özgün ileti',
  'mesaj original', 'alkuperäinen viesti', 'izvorna poruka', 'tin nhắn gốc', '元のメッセージ', '原始邮件', '原始郵件', '원본 메시지', 'αρχικό μήνυμα', 'weitergeleitete originalnachricht',
  'quoted text', 'please reply above this line', 'reply above this line', 'odpowiedz powyżej tej linii',
];

/** What stands between the dashes of `---------- Forwarded message ---------`. Lower case. */
export const FORWARD_SEPARATORS: readonly string[] = [
  'forwarded message', 'forwarded mail', 'forwarded by', 'begin forwarded message', 'wiadomość przesłana dalej', 'przekazana wiadomość', 'treść przekazanej wiadomości', 'przesłana dalej wiadomość',
  'wiadomość przekazana', 'weitergeleitete nachricht', 'weitergeleitete mail', 'vidarebefordrat meddelande', 'vidarebefordrat mejl', 'messaggio inoltrato', 'message transféré', 'message transmis', 'mensaje reenviado',
  'mensagem encaminhada', 'mensagem reencaminhada', 'edelleenlähetetty viesti', 'välitetty viesti', 'välitetty viesti / fwd.msg', 'doorgestuurd bericht', 'переслане повідомлення',
  'перенаправленное сообщение', 'перенаправлене повідомлення', 'пересылаемое сообщение', 'пересланное сообщение', 'i̇letilen i̇leti', 'iletilen ileti', 'i̇letilmiş mesaj', 'iletilmiş mesaj', 'videresendt melding',
  'videresendt meddelelse', 'videresendt besked', 'továbbított üzenet', 'továbbított levél', 'přeposlaná zpráva', 'proslijeđena poruka', 'preposlaná správa', 'preposlaná správa --- forwarded message',
  'mesaj redirecționat', 'mesaj redirecţionat', 'メッセージを転送', '転送メッセージ', '转发的邮件', '轉寄的郵件', '전달된 메시지',
];

/** Lines that introduce a forward without dashes (Apple Mail, MailMate). Lower case, with the colon. */
export const FORWARD_OPENINGS: readonly string[] = [
  'begin forwarded message:', 'forwarded message:', 'začátek přeposílané zprávy:', 'start på videresendt besked:', 'anfang der weitergeleiteten nachricht:', 'inicio del mensaje reenviado:',
  'välitetty viesti alkaa:', 'début du message réexpédié :', 'début du message transféré :', 'début du message réexpédié:', 'započni proslijeđenu poruku:', 'továbbított levél kezdete:', 'inizio messaggio inoltrato:',
  'begin doorgestuurd bericht:', 'videresendt melding:', 'początek przekazywanej wiadomości:', 'początek przesłanej dalej wiadomości:', 'início da mensagem reencaminhada:', 'início da mensagem encaminhada:',
  'începe mesajul redirecționat:', 'начало переадресованного сообщения:', 'začiatok preposlanej správy:', 'vidarebefordrat mejl:', 'i̇leti başlangıcı:', 'ileti başlangıcı:', 'початок листа, що пересилається:',
];
