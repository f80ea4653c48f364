/** Small conversions between columns and core values. The database is ours: what is read back is trusted to be what was written. */

/** JSON in a text column, written by `JSON.stringify` from a value of this very type. */
export function fromJson<Value>(text: string): Value {
  return JSON.parse(text) as Value;
}

export const optional = <Value>(value: Value | null): Value | undefined => value ?? undefined;
export const nullable = <Value>(value: Value | undefined): Value | null => value ?? null;

/** An id read back from the column it was stored in. */
export const id = <Id extends string>(column: string): Id => column as Id;
export const optionalId = <Id extends string>(column: string | null): Id | undefined => (column === null ? undefined : (column as Id));

/** A value of a closed set read back from the column it was stored in. */
export const oneOf = <Name extends string>(column: string): Name => column as Name;

/** Keeps only the keys that a patch really has, mapped to columns: `undefined` as a value is a value (it clears the column), a missing key is not. */
export function patchOf<Patch extends object, Row>(patch: Patch, columns: { readonly [Key in keyof Required<Patch>]: (value: Patch[Key]) => Partial<Row> }): Partial<Row> {
  const row: Partial<Row> = {};
  for (const key of Object.keys(columns) as (keyof Patch)[]) {
    if (key in patch) Object.assign(row, columns[key](patch[key]));
  }
  return row;
}
