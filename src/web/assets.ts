/** Our own files and htmx, read once, served from our own origin under a name that changes with their content. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Hono } from 'hono';

const require = createRequire(import.meta.url);
const own = (name: string): URL => new URL(`./public/${name}`, import.meta.url);

const FILES = {
  'tokens.css': { from: own('tokens.css'), type: 'text/css; charset=utf-8' },
  'desk.css': { from: own('desk.css'), type: 'text/css; charset=utf-8' },
  'mail.css': { from: own('mail.css'), type: 'text/css; charset=utf-8' },
  'desk.js': { from: own('desk.js'), type: 'text/javascript; charset=utf-8' },
  'mark.svg': { from: own('mark.svg'), type: 'image/svg+xml' },
  'sprite.svg': { from: own('sprite.svg'), type: 'image/svg+xml' },
  'htmx.js': { from: require.resolve('htmx.org/dist/htmx.min.js'), type: 'text/javascript; charset=utf-8' },
} as const;
export type AssetName = keyof typeof FILES;

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly version: string;
}

const loaded = new Map<AssetName, Asset>();

function load(name: AssetName): Asset {
  const known = loaded.get(name);
  if (known) return known;
  const body = readFileSync(FILES[name].from);
  const asset: Asset = { body, type: FILES[name].type, version: createHash('sha256').update(body).digest('hex').slice(0, 10) };
  loaded.set(name, asset);
  return asset;
}

/** Address of a file, with its version: it may be kept for ever. */
export const assetUrl = (name: AssetName): string => `/assets/${load(name).version}/${name}`;

export function assetRoutes(): Hono {
  const app = new Hono();
  app.get('/assets/:version/:name', (c) => {
    const name = c.req.param('name');
    if (!Object.hasOwn(FILES, name)) return c.notFound();
    const asset = load(name as AssetName);
    // A sandboxed frame counts as another origin; there is nothing secret in these files.
    return c.body(new Uint8Array(asset.body), 200, { 'Content-Type': asset.type, 'Cross-Origin-Resource-Policy': 'cross-origin', 'Cache-Control': c.req.param('version') === asset.version ? 'public, max-age=31536000, immutable' : 'no-cache' });
  });
  app.get('/favicon.ico', (c) => c.redirect(assetUrl('mark.svg'), 302));
  return app;
}
