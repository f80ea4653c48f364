import type { Child, FC } from 'hono/jsx';
import type { Desk } from '../../core/model.js';
import { bridgeName } from '../names.js';
import { placeParam, placePath, type Place, type ViewKind } from '../place.js';
import type { Reader } from '../reader.js';
import type { DeskView } from '../views/desk-view.js';
import { Avatar } from './avatar.js';
import { Icon, Mark, type IconName } from './icon.js';

const VIEWS: readonly (readonly [ViewKind, IconName])[] = [['open', 'inbox'], ['mine', 'user'], ['unassigned', 'dot'], ['pending', 'half'], ['closed', 'check']];

const OVERDUE: Place = { kind: 'view', view: 'overdue' };

export type NavFacts = Pick<DeskView, 'desk' | 'agent' | 'counts'> & { readonly here: string; readonly csrf: string; readonly demo: boolean };

/** The left column. */
export const Nav: FC<{ reader: Reader; facts: NavFacts }> = ({ reader, facts }) => (
  <nav class="nav" aria-label={reader.say('desk.menu')}>
    <Brand desk={facts.desk} />
    {facts.desk.sample && <p class="sample">{reader.say('desk.sample-data')}</p>}
    <NavLists reader={reader} facts={facts} />
    <NavFoot reader={reader} facts={facts} />
  </nav>
);

const Brand: FC<{ desk: Pick<Desk, 'name'> }> = ({ desk }) => (
  <a class="brand" href="/"><Mark /><span><b>Goniec</b><small>{desk.name}</small></span></a>
);

/** Views, channels and folders with their numbers; brought up to date together with the list. */
export const NavLists: FC<{ reader: Reader; facts: NavFacts; oob?: boolean; prefix?: string }> = ({ reader, facts, oob, prefix = 'nav' }) => {
  const { desk, counts, here } = facts;
  const bridges = [...new Set(desk.channels.map(({ bridge }) => bridge))];
  const folders = desk.folders;
  return (
    <div class="nav__lists" id={`${prefix}-lists`} hx-swap-oob={oob ? 'true' : undefined}>
      <NavGroup id={`${prefix}-views`} title={reader.say('nav.views')}>
        {VIEWS.map(([view, icon]) => <NavLink place={{ kind: 'view', view }} here={here} icon={icon} name={reader.say(`view.${view}`)} count={view === 'closed' ? undefined : counts[view]} strong />)}
        <li><a href="/notices" aria-current={here === 'notices' ? 'page' : undefined}><Icon name="unread" />{reader.say('notice.heading')}{counts.notices > 0 && <b class="n">{counts.notices}</b>}</a></li>
        {counts.overdue > 0 && <li><a href={placePath(OVERDUE)} class="is-late" aria-current={here === placeParam(OVERDUE) ? 'page' : undefined}><Icon name="clock" />{reader.say('view.overdue')}<b class="n n--late">{counts.overdue}</b></a></li>}
        {counts.snoozed > 0 && <NavLink place={{ kind: 'view', view: 'snoozed' }} here={here} icon="moon" name={reader.say('view.snoozed')} count={counts.snoozed} strong />}
      </NavGroup>
      {desk.teams.length > 0 && (
        <NavGroup id={`${prefix}-teams`} title={reader.say('nav.teams')}>
          {desk.teams.map(({ id, name }) => <NavLink place={{ kind: 'team', id }} here={here} icon="users" name={name} short count={counts.teams.get(id) ?? 0} strong />)}
        </NavGroup>
      )}
      {bridges.map((bridge) => (
        <NavGroup id={`${prefix}-${bridge}`} title={bridge === 'web' ? reader.say('nav.channels') : reader.say('web.nav.channels-of', { place: bridgeName(reader, bridge) })}>
          {desk.channels.filter((channel) => channel.bridge === bridge).map(({ id, name }) => (
            <NavLink place={{ kind: 'channel', id }} here={here} icon="hash" name={name} short count={counts.channels.get(id) ?? 0} strong />
          ))}
        </NavGroup>
      ))}
      <NavGroup id={`${prefix}-folders`} title={reader.say('nav.folders')}>
        {folders.map(({ id, name }) => <NavLink place={{ kind: 'folder', id }} here={here} icon="folder" name={name} short count={counts.folders.get(id) ?? 0} />)}
        {counts.spam > 0 && <NavLink place={{ kind: 'view', view: 'spam' }} here={here} icon="trash" name={reader.say('view.spam')} count={counts.spam} />}
        <li><a href="/quarantine" class={counts.quarantine > 0 ? 'is-alert' : undefined} aria-current={here === 'quarantine' ? 'page' : undefined}>
          <Icon name="shield" />{reader.say('view.quarantine')}{counts.quarantine > 0 && <b class="n">{counts.quarantine}</b>}
        </a></li>
      </NavGroup>
    </div>
  );
};

const NavGroup: FC<{ id: string; title: string; children?: Child }> = ({ id, title, children }) => (
  <>
    <h2 class="nav__h" id={id}>{title}</h2>
    <ul aria-labelledby={id}>{children}</ul>
  </>
);

const NavLink: FC<{ place: Place; here: string; icon: IconName; name: string; count: number | undefined; short?: boolean; strong?: boolean }> = ({ place, here, icon, name, count, short, strong }) => (
  <li>
    <a href={placePath(place)} aria-current={placeParam(place) === here ? 'page' : undefined} data-short={short ? [...name].slice(0, 3).join('') : undefined} title={name}>
      <Icon name={icon} />{name}{count !== undefined && (strong && count > 0 ? <b class="n">{count}</b> : <span class="n">{count}</span>)}
    </a>
  </li>
);

export const NavFoot: FC<{ reader: Reader; facts: NavFacts }> = ({ reader, facts: { agent, here, csrf, demo } }) => (
  <ul class="nav__foot" aria-label={reader.say('desk.tools')}>
    {demo && <li><a href="/customer"><Icon name="mail" />{reader.say('demo.customer-mailbox')}</a></li>}
    <li><a href="/templates" aria-current={here === 'templates' ? 'page' : undefined}><Icon name="template" />{reader.say('nav.templates')}</a></li>
    <li><a href="/workload" aria-current={here === 'workload' ? 'page' : undefined}><Icon name="users" />{reader.say('verb.workload')}</a></li>
    <li><a href="/searches" aria-current={here === 'searches' ? 'page' : undefined}><Icon name="search" />{reader.say('saved.heading')}</a></li>
    <li><a href="/bulk" aria-current={here === 'bulk' ? 'page' : undefined}><Icon name="check" />{reader.say('bulk.heading')}</a></li>
    <li><a href="/help" aria-current={here === 'help' ? 'page' : undefined}><Icon name="question" />{reader.say('help.heading')}</a></li>
    <li><a href="/settings" aria-current={here === 'settings' ? 'page' : undefined}><Icon name="sliders" />{reader.say('nav.settings')}</a></li>
    <li class="me">
      <Avatar name={agent.name} side="staff" /><span>{agent.name}<small>{reader.say(`role.${agent.role}`)}</small></span>
      <form method="post" action="/logout" class="logout"><input type="hidden" name="_csrf" value={csrf} /><button class="btn btn--quiet btn--icon btn--s" type="submit" aria-label={reader.say('nav.log-out')} title={reader.say('nav.log-out')}><Icon name="power" /></button></form>
    </li>
  </ul>
);
