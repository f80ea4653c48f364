/** The shape of one text: the same for every number, or one form for each plural category of the language (CLDR). */
export type EnglishText = string | { readonly one: string; readonly other: string };

/** few: 2-4, 22-24 ...; many: 0, 5-21, 25-31 ...; other: fractions. */
export type PolishText = string | { readonly one: string; readonly few: string; readonly many: string; readonly other: string };

export type Text = EnglishText | PolishText;
