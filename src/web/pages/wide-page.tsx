import type { Child, FC } from 'hono/jsx';
import { Layout, LiveRegions } from '../parts/layout.js';
import { Nav, type NavFacts } from '../parts/nav.js';
import { TabBar } from '../parts/tab-bar.js';
import type { Reader } from '../reader.js';

/** A page of the desk beside the navigation, without list and conversation. */
export const WidePage: FC<{ reader: Reader; title: string; facts: NavFacts; tab: 'channels' | 'more'; children?: Child }> = ({ reader, title, facts, tab, children }) => (
  <Layout reader={reader} title={title} bodyClass="desk desk--wide" csrf={facts.csrf} live>
    <a class="skip" href="#page">{reader.say('web.skip')}</a>
    <Nav reader={reader} facts={facts} />
    <main class="page" id="page" tabindex={-1} aria-labelledby="page-h">
      <h1 id="page-h">{title}</h1>
      {children}
    </main>
    <TabBar reader={reader} place={tab} />
    <LiveRegions reader={reader} />
  </Layout>
);
