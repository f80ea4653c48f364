import type { Child, FC } from 'hono/jsx';
import { undoFacts } from '../parts/conversation.js';
import { Layout, LiveRegions } from '../parts/layout.js';
import { List, placeTitle } from '../parts/list.js';
import { Nav, type NavFacts } from '../parts/nav.js';
import { UndoBar } from '../parts/undo-bar.js';
import { placeParam } from '../place.js';
import type { Reader } from '../reader.js';
import type { Undoable } from '../views/conversation-view.js';
import type { DeskView } from '../views/desk-view.js';

interface DeskPageProps {
  readonly reader: Reader;
  readonly view: DeskView;
  readonly csrf: string;
  readonly once: string;
  readonly demo: boolean;
  readonly undoable: readonly Undoable[];
  /** Subject of the open conversation. */
  readonly title: string | undefined;
  readonly children?: Child;
}

export function navFacts(of: { readonly view: DeskView; readonly csrf: string; readonly demo: boolean }): NavFacts {
  return { desk: of.view.desk, agent: of.view.agent, counts: of.view.counts, here: placeParam(of.view.place), csrf: of.csrf, demo: of.demo };
}

/** Navigation, list and one conversation (the children). On a phone the list and the conversation are pages of their own. */
export const DeskPage: FC<DeskPageProps> = (props) => {
  const { reader, view, csrf, title } = props;
  return (
    <Layout reader={reader} title={title ?? placeTitle(reader, view)} bodyClass={`desk${title === undefined ? '' : ' is-conv'}`} csrf={csrf} live>
      <a class="skip" href="#conversation">{reader.say('desk.skip-to-conversation')}</a>
      <a class="skip" href="#list">{reader.say('desk.skip-to-list')}</a>
      <Nav reader={reader} facts={navFacts(props)} />
      <main class="work">
        <List reader={reader} view={view} undo={<UndoBar id="undo-list" reader={reader} facts={undoFacts({ csrf, once: props.once, place: view.place }, { undoable: props.undoable, desk: view.desk })} />} />
        {props.children}
      </main>
      <LiveRegions reader={reader} />
    </Layout>
  );
};
