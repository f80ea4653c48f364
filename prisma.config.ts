/**
 * For the Prisma CLI only; the program never reads it. Goniec applies its migrations itself at start (src/storage/migrate.ts).
 */
import { defineConfig } from 'prisma/config';

// The CLI fetches a native schema engine even for `generate`, which never runs it; behind a firewall that fails. Any executable will do.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

const onPostgresql = process.env['PRISMA_ENGINE'] === 'postgresql';

export default defineConfig({
  schema: onPostgresql ? 'prisma/postgresql/schema.prisma' : 'prisma/schema.prisma',
  migrations: { path: onPostgresql ? 'prisma/postgresql/migrations' : 'prisma/migrations' },
});
