import type { FC } from 'hono/jsx';
import { Layout } from '../parts/layout.js';
import { Mark } from '../parts/icon.js';
import type { Reader } from '../reader.js';

/** Something did not work: what happened and what to do, in plain words. */
export const TroublePage: FC<{ reader: Reader; status: number; text: string }> = ({ reader, status, text }) => (
  <Layout reader={reader} title={text} bodyClass="trouble">
    <main class="empty" aria-labelledby="h"><Mark /><h1 id="h">{text}</h1><p class="dim num">{status}</p><a class="btn btn--primary" href="/">{reader.say('error.back')}</a></main>
  </Layout>
);
