/** Reading JSON that came from outside: nothing is believed to have a shape. */
export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectIn = (value: unknown, key: string): Json => (isJson(value) && isJson(value[key]) ? value[key] : {});
export const listIn = (value: unknown, key: string): readonly Json[] => (isJson(value) && Array.isArray(value[key]) ? value[key].filter(isJson) : []);
export const textIn = (value: unknown, key: string): string | undefined => (isJson(value) && typeof value[key] === 'string' ? value[key] : undefined);
export const numberIn = (value: unknown, key: string): number | undefined => (isJson(value) && typeof value[key] === 'number' ? value[key] : undefined);
export const yesIn = (value: unknown, key: string): boolean => isJson(value) && value[key] === true;
