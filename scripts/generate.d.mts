/** Types of generate.mjs for the tests. */

/** The schema for PostgreSQL, derived from the one for SQLite: provider and output differ, nothing else. */
export declare function forPostgresql(schema: string): string;
export declare function generate(): Promise<void>;
export declare function generateIfChanged(): Promise<void>;
