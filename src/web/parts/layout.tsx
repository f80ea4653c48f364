import { raw } from 'hono/html';
import type { Child, FC } from 'hono/jsx';
import { assetUrl } from '../assets.js';
import type { Reader } from '../reader.js';

/** htmx only swaps parts: no styles of its own, nothing evaluated, no pages with mail kept in the browser's storage. */
const HTMX_CONFIG = JSON.stringify({
  includeIndicatorStyles: false, allowEval: false, allowScriptTags: false, historyCacheSize: 0, refreshOnHistoryMiss: true, scrollIntoViewOnBoost: false, selfRequestsOnly: true,
  responseHandling: [{ code: '204', swap: false }, { code: '[23]..', swap: true }, { code: '409', swap: true }, { code: '422', swap: true }, { code: '[45]..', swap: false, error: true }],
});

interface LayoutProps {
  readonly reader: Reader;
  readonly title: string;
  readonly bodyClass: string;
  /** Token for requests of our own script. */
  readonly csrf?: string | undefined;
  /** Pages that need no script do without. */
  readonly live?: boolean;
  readonly children?: Child;
}

export const Layout: FC<LayoutProps> = ({ reader, title, bodyClass, csrf, live, children }) => (
  <>
  {raw('<!doctype html>')}
  <html lang={reader.locale} data-theme={reader.theme === 'system' ? undefined : reader.theme}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
      <meta name="color-scheme" content={reader.theme === 'system' ? 'light dark' : reader.theme} />
      <meta name="robots" content="noindex" />
      <meta name="htmx-config" content={HTMX_CONFIG} />
      {csrf && <meta name="csrf" content={csrf} />}
      <title>{`${title} · Goniec`}</title>
      <link rel="icon" href={assetUrl('mark.svg')} />
      <link rel="stylesheet" href={assetUrl('tokens.css')} />
      <link rel="stylesheet" href={assetUrl('desk.css')} />
      {live && <script src={assetUrl('htmx.js')} defer />}
      {live && <script src={assetUrl('desk.js')} defer />}
    </head>
    <body class={bodyClass} data-live={live ? '' : undefined}>{children}</body>
  </html>
  </>
);

/** What our script may have to say, in the reader's language; and where announcements appear. */
export const LiveRegions: FC<{ reader: Reader }> = ({ reader }) => (
  <>
    <div class="toasts" id="toasts" role="status" aria-label={reader.say('web.news')} />
    <p class="offline bar-say bar-say--danger" id="offline" role="alert" hidden>{reader.say('desk.offline')}</p>
    <p class="offline bar-say bar-say--danger" id="logged-out" role="alert" hidden>{reader.say('login.expired')} <a class="btn btn--s" href="/login">{reader.say('login.submit')}</a></p>
    <p class="offline bar-say bar-say--danger" id="went-wrong" role="alert" hidden>{reader.say('web.went-wrong')}</p>
  </>
);
