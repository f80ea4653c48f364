/**
 * A short thank-you that asks nothing (C28): recorded, but it does not reopen a closed conversation. Anything more than thanks, greeting,
 * praise and a name makes it a message like any other; when in doubt, it is not bare.
 */

/** Longer than any bare thank-you; a letter is not one even if every word of it were polite. */
const MAX_CHARS = 200;
/** First and last name, twice. */
const MAX_NAMES = 4;

const THANKS = [
  'thanks', 'thank you', 'thank u', 'thankyou', 'thx', 'ty', 'tysm', 'cheers', 'much appreciated', 'many thanks', 'appreciated', 'appreciate it',
  'dziękuję', 'dziekuje', 'dziękujemy', 'dziekujemy', 'dzięki', 'dzieki', 'dzięks', 'dzięx', 'dz', 'podziękowania', 'wielkie dzięki', 'serdeczne dzięki',
  'danke', 'danke schön', 'dankeschön', 'danke sehr', 'vielen dank', 'besten dank', 'herzlichen dank', 'lieben dank', 'merci', 'merci beaucoup', 'je vous remercie', 'remerciements',
  'gracias', 'muchas gracias', 'mil gracias', 'grazie', 'grazie mille', 'tante grazie', 'obrigado', 'obrigada', 'bedankt', 'dank je', 'dank je wel', 'dank u', 'dank u wel', 'dankjewel', 'dankuwel', 'hartelijk dank',
  'tack', 'tack så mycket', 'tusen takk', 'takk', 'mange tak', 'tusind tak', 'kiitos', 'děkuji', 'děkuju', 'dekuji', 'děkujeme', 'díky', 'diky', 'ďakujem', 'dakujem', 'vďaka', 'спасибо', 'благодарю', 'дякую', 'дякуємо', 'köszönöm', 'köszi', 'hvala', 'mulțumesc', 'teşekkürler', 'teşekkür ederim', 'aitäh', 'ačiū', 'paldies', '谢谢', '謝謝', 'ありがとう', 'ありがとうございます', 'ありがとうございました', '감사합니다',
];

/** What may stand around it. */
const POLITE = [
  // English
  'a', 'lot', 'so', 'very', 'much', 'again', 'for', 'the', 'your', 'you', 'all', 'help', 'quick', 'fast', 'prompt', 'kind', 'reply', 'answer', 'response', 'support', 'information', 'info', 'update', 'everything', 'this', 'that', 'it', 'works', 'working', 'now', 'ok', 'okay', 'great', 'perfect', 'perfectly', 'awesome', 'super', 'excellent', 'wonderful', 'fantastic', 'got', 'received', 'and', 'have', 'nice', 'good', 'day', 'weekend', 'evening', 'one', 'too', 'regards', 'best', 'kind', 'warm', 'wishes', 'sincerely', 'yours', 'hi', 'hello', 'dear', 'hey', 'in', 'advance', 'really', 'appreciate', 'team', 'guys', 'everyone', 'is', 'fine', 'solved', 'indeed', 'br', 'i', 'am', 'happy', 'we', 'took', 'care', 'of', 'to', 'from', 'that\'s', 'it\'s', 'my', 'sir', 'madam', 'helping', 'assistance', 'bye', 'yes',
  // Polish
  'bardzo', 'za', 'pomoc', 'odpowiedź', 'odpowiedz', 'szybką', 'szybka', 'informację', 'informacje', 'wiadomość', 'wszystko', 'już', 'juz', 'działa', 'dziala', 'świetnie', 'super', 'ekstra', 'pozdrawiam', 'pozdrawiamy', 'pozdrowienia', 'serdecznie', 'serdeczne', 'miłego', 'milego', 'dnia', 'weekendu', 'wieczoru', 'dobrego', 'w', 'porządku', 'jest', 'pięknie', 'slicznie', 'ślicznie', 'raz', 'jeszcze', 'z', 'góry', 'gory', 'pani', 'panu', 'panie', 'państwu', 'wam', 'ci', 'i', 'oraz', 'cześć', 'czesc', 'hej', 'witam', 'dzień', 'dobry', 'wielkie', 'przesyłkę', 'paczka', 'dotarła', 'otrzymałem', 'otrzymałam', 'idealnie', 'szacunkiem', 'poważaniem', 'to', 'tak', 'sprawa', 'załatwiona', 'rozwiązana', 'obsługę', 'kontakt', 'reakcję', 'tam', 'życzę',
  // German
  'für', 'die', 'das', 'den', 'der', 'ihre', 'deine', 'eure', 'hilfe', 'schnelle', 'schnellen', 'antwort', 'rückmeldung', 'info', 'information', 'alles', 'klar', 'gut', 'funktioniert', 'jetzt', 'wieder', 'prima', 'toll', 'perfekt', 'viele', 'liebe', 'grüße', 'gruesse', 'grüsse', 'gruß', 'mit', 'freundlichen', 'freundliche', 'beste', 'herzliche', 'schönen', 'schönes', 'tag', 'wochenende', 'noch', 'einen', 'ein', 'ihnen', 'euch', 'dir', 'und', 'auch', 'nochmals', 'schon', 'mal', 'hallo', 'sehr', 'vg', 'lg', 'mfg', 'im', 'voraus', 'bemühungen', 'unterstützung', 'herr', 'frau', 'guten', 'morgen', 'erledigt', 'passt', 'es',
  // French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Czech
  'pour', 'votre', 'vos', 'aide', 'réponse', 'rapide', 'à', 'vous', 'tous', 'bonne', 'bon', 'journée', 'soirée', 'cordialement', 'bien', 'parfait', 'beaucoup', 'bonjour', 'la', 'le', 'cela', 'ça', 'marche', 'fonctionne', 'maintenant',
  'por', 'su', 'tu', 'ayuda', 'respuesta', 'todo', 'perfecto', 'saludos', 'un', 'saludo', 'buen', 'día', 'hola', 'muy', 'amable', 'funciona', 'ahora', 'per', 'il', 'aiuto', 'risposta', 'tutto', 'saluti', 'cordiali', 'buona', 'giornata', 'ciao', 'gentile', 'perfetto', 'mille', 'funziona', 'adesso', 'l\'aiuto', 'pela', 'pelo', 'ajuda', 'resposta', 'tudo', 'muito', 'bom', 'dia', 'cumprimentos', 'atenciosamente',
  'voor', 'de', 'je', 'uw', 'hulp', 'het', 'snelle', 'antwoord', 'groet', 'groeten', 'vriendelijke', 'met', 'fijne', 'dag', 'för', 'hjälpen', 'svaret', 'hälsningar', 'vänliga', 'med', 'mvh', 'hjelpen', 'hilsen', 'vennlig', 'hjælpen', 'venlig', 'pro', 's', 'pozdravem', 'pomoc', 'za', 'moc', 'mockrát', 'hezký', 'den', 'odpověď', 'za', 'помощь', 'большое', 'за', 'ответ', 'всё', 'все', 'хорошо', 'отлично', 'так',
];

/** A question or an objection needs no other word: whatever else is said, somebody has to read it. */
const NOT_BARE = /[?？¿]|\d{2,}|https?:|@|\b(?:no|nein|nie),? (?:thank|danke|dzi[eę]k)/iu;

/** Before a name: "Hello Anna", "Pani Anno". */
const escape = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const THANKS_PATTERN = new RegExp(`(?<![\\p{L}'])(?:${[...THANKS].sort((a, b) => b.length - a.length).map(escape).join('|')})(?![\\p{L}'])`, 'giu');
const POLITE_WORDS: ReadonlySet<string> = new Set(POLITE);

/** Whether the text is a thank-you and nothing else. */
export function isBareThanks(visibleText: string): boolean {
  const text = visibleText.normalize('NFC').replace(/[’`´]/g, "'").trim();
  if (text === '' || text.length > MAX_CHARS || NOT_BARE.test(text)) return false;
  if (text.split('\n').some((line) => line.startsWith('>'))) return false;
  if (text.search(THANKS_PATTERN) < 0) return false;
  const rest = text.replace(THANKS_PATTERN, ' \u0001 ');
  let names = 0;
  let afterThanks = false;
  for (const line of rest.split('\n')) {
    const words = line.split(/[^\p{L}\p{M}'\u0001.!]+|(?=[.!])/u).filter((word) => word !== '');
    const alone = words.filter((word) => /\p{L}/u.test(word)).length <= 3;
    let nameAllowed = false;
    for (const piece of words) {
      // A new sentence: what follows is no longer the name of the person thanked.
      if (/^[.!]/.test(piece)) nameAllowed = false;
      const word = piece.replace(/[.!]/g, '');
      if (word === '') continue;
      if (word === '\u0001') {
        nameAllowed = true;
        afterThanks = true;
        continue;
      }
      if (POLITE_WORDS.has(word.toLowerCase())) {
        nameAllowed = nameAllowed || /^(?:hi|hello|dear|hey|pani|panu|panie|herr|frau|hallo|cześć|hej|witam|regards|pozdrawiam|liebe|grüße)$/i.test(word);
        continue;
      }
      // A name stands right after the thanks or a greeting, or alone on its line.
      if (!/^\p{Lu}/u.test(word) || !(nameAllowed || (alone && !line.includes('\u0001') && (afterThanks || words.length <= 2))) || ++names > MAX_NAMES) return false;
    }
  }
  return true;
}
