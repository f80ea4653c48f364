/**
 * Which language a text is written in. The smallest of eld's databases is used: it tells apart the same languages on a sentence or more as
 * the medium one, with 60 MB of memory instead of 200.
 */

/** Shorter texts ("ok, thanks Jan") are told wrong as often as right. */
const MIN_LETTERS = 24;
/** More text does not make the guess any better, only slower. */
const MAX_CHARS = 400;

type Detector = (text: string) => string | undefined;

let detector: Promise<Detector> | undefined;

async function load(): Promise<Detector> {
  const { eld } = await import('eld');
  if ('load' in eld) await eld.load('extrasmall');
  return (text) => {
    const result = eld.detect(text);
    return result.language !== '' && result.isReliable() ? result.language : undefined;
  };
}

/** ISO 639-1 code, or undefined when the text is too short or too mixed to tell. */
export async function languageOf(text: string): Promise<string | undefined> {
  // Addresses and quoted lines are in no language, or in somebody else's.
  const words = text.slice(0, MAX_CHARS * 2).replace(/https?:\/\/\S+|\S+@\S+|^>.*$/gm, ' ').slice(0, MAX_CHARS);
  const letters = words.replace(/[^\p{L}]+/gu, '');
  // A character of Chinese, Japanese or Korean says as much as three letters.
  const weight = letters.length < MIN_LETTERS && /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(letters) ? letters.length * 3 : letters.length;
  if (weight < MIN_LETTERS) return undefined;
  detector ??= load();
  return (await detector)(words);
}
