/** The structure that prisma/schema.prisma asks for, and the structure that a database has, in the same words: so that the two can be compared. */
import type { Database } from 'better-sqlite3';
import type { Client } from 'pg';

/** Sorted lines such as `messages.text TEXT`, `messages.problem TEXT?`, `messages primary key (id)`, `messages index (headerId)`. */
export type Structure = readonly string[];

/** Tables that no model stands for: Prisma's ledger, SQLite's own, and the search index with what FTS5 keeps beside it. */
const WITHOUT_MODEL = /^(_prisma_migrations|sqlite_.*|search_index.*)$/;
const NAME_OF: Readonly<Record<string, string>> = { String: 'TEXT', Int: 'INTEGER', BigInt: 'BIGINT', Boolean: 'BOOLEAN', DateTime: 'TIME', DATETIME: 'TIME', 'timestamp without time zone': 'TIME' };
const typeName = (type: string): string => NAME_OF[type] ?? type.toUpperCase();

/** A reader for the part of Prisma's language that our schema uses. */
export function structureOf(schema: string): Structure {
  const models = [...schema.matchAll(/^model (?<name>\w+) \{\n(?<body>[\s\S]*?)^\}/gm)].map(({ groups }) => ({ name: groups?.['name'] ?? '', body: groups?.['body'] ?? '' }));
  const names = new Set(models.map(({ name }) => name));
  const tableOf = new Map(models.map(({ name, body }) => [name, /@@map\("(\w+)"\)/.exec(body)?.[1] ?? name]));
  const lines: string[] = [];
  for (const { name, body } of models) {
    const table = tableOf.get(name) ?? '';
    for (const line of body.split('\n').map((text) => text.trim())) {
      const block = /^@@(?<kind>id|unique|index)\(\[(?<columns>[^\]]*)\]/.exec(line)?.groups;
      if (block) lines.push(`${table} ${{ id: 'primary key', unique: 'unique', index: 'index' }[block['kind'] ?? '']} (${(block['columns'] ?? '').replaceAll(' ', '')})`);
      const field = /^(?<column>\w+)\s+(?<type>\w+)(?<many>\[\])?(?<optional>\?)?(?<rest>.*)$/.exec(line)?.groups;
      if (!field || field['many'] !== undefined) continue;
      const { column = '', type = '', optional = '', rest = '' } = field;
      if (names.has(type)) {
        const relation = /fields: \[(\w+)\], references: \[(\w+)\]/.exec(rest);
        if (relation) lines.push(`${table} foreign key (${relation[1]}) -> ${tableOf.get(type)} (${relation[2]})`);
        continue;
      }
      lines.push(`${table}.${column} ${typeName(type)}${optional}`);
      if (/@id\b/.test(rest)) lines.push(`${table} primary key (${column})`);
      if (/@unique\b/.test(rest)) lines.push(`${table} unique (${column})`);
    }
  }
  return lines.sort();
}

export function structureOfSqlite(db: Database): Structure {
  const rows = <Row>(sql: string): Row[] => db.prepare<[], Row>(sql).all();
  const lines: string[] = [];
  for (const { name: table } of rows<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`)) {
    if (WITHOUT_MODEL.test(table)) continue;
    const columns = rows<{ name: string; type: string; notnull: number; pk: number }>(`PRAGMA table_info("${table}")`);
    for (const { name, type, notnull } of columns) lines.push(`${table}.${name} ${typeName(type)}${notnull ? '' : '?'}`);
    const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
    if (key.length > 0) lines.push(`${table} primary key (${key.map(({ name }) => name).join(',')})`);
    for (const { name, unique, origin } of rows<{ name: string; unique: number; origin: string }>(`PRAGMA index_list("${table}")`)) {
      if (origin === 'pk') continue;
      const indexed = rows<{ name: string }>(`PRAGMA index_info("${name}")`).map((column) => column.name);
      lines.push(`${table} ${unique ? 'unique' : 'index'} (${indexed.join(',')})`);
    }
    for (const { from, table: other, to } of rows<{ from: string; table: string; to: string }>(`PRAGMA foreign_key_list("${table}")`)) lines.push(`${table} foreign key (${from}) -> ${other} (${to})`);
  }
  return lines.sort();
}

export async function structureOfPostgresql(client: Client): Promise<Structure> {
  const { rows } = await client.query<{ table: string; line: string }>(`
    SELECT c.table_name AS table, '.' || c.column_name || ' ' || c.data_type || CASE c.is_nullable WHEN 'YES' THEN '?' ELSE '' END AS line
    FROM information_schema.columns c WHERE c.table_schema = 'public'
    UNION ALL
    SELECT t.relname, ' ' || CASE WHEN i.indisprimary THEN 'primary key' WHEN i.indisunique THEN 'unique' ELSE 'index' END || ' (' ||
      (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(i.indkey::int[]) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')'
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE s.nspname = 'public'
    UNION ALL
    SELECT t.relname, ' foreign key (' || a.attname || ') -> ' || r.relname || ' (' || b.attname || ')'
    FROM pg_constraint f JOIN pg_class t ON t.oid = f.conrelid JOIN pg_class r ON r.oid = f.confrelid JOIN pg_namespace s ON s.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.conkey[1] JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = f.confkey[1]
    WHERE f.contype = 'f' AND s.nspname = 'public'`);
  return rows
    .filter(({ table }) => !WITHOUT_MODEL.test(table))
    .map(({ table, line }) => `${table}${line.replace(/^(\.\w+ )(.*?)(\??)$/, (_all, column: string, type: string, optional: string) => `${column}${typeName(type)}${optional}`)}`)
    .sort();
}
