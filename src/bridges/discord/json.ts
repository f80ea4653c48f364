/** JSON from and to Discord: what comes is looked at, what goes is sent as it is. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const listIn = (value: unknown, key: string): readonly Json[] => (isJson(value) && Array.isArray(value[key]) ? value[key].filter(isJson) : []);
export const objectIn = (value: unknown, key: string): Json => (isJson(value) && isJson(value[key]) ? value[key] : {});
export const textIn = (value: unknown, key: string): string | undefined => (isJson(value) && typeof value[key] === 'string' ? value[key] : undefined);

/** The texts of each object of a list. */
export function textsIn(list: unknown): readonly Readonly<Record<string, string | undefined>>[] {
  return Array.isArray(list) ? list.filter(isJson).map((one) => Object.fromEntries(Object.entries(one).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))) : [];
}
