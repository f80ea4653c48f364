import type { FC } from 'hono/jsx';
import { absenceOf, membersOf, nextOnDuty, onDuty, type Staffing } from '../../core/assignment.js';
import type { Absence, Agent, Team } from '../../core/model.js';
import type { Work } from '../../core/ports/store.js';
import { loadByOwner, NO_LOAD, type Load } from '../../core/workload.js';
import { Avatar } from '../parts/avatar.js';
import { Icon } from '../parts/icon.js';
import type { NavFacts } from '../parts/nav.js';
import type { Saying } from '../parts/said.js';
import { placePath } from '../place.js';
import type { Reader } from '../reader.js';
import { WidePage } from './wide-page.js';

interface WorkloadPageProps {
  readonly reader: Reader;
  readonly facts: NavFacts;
  readonly works: readonly Work[];
  readonly staffing: Staffing;
  readonly said: Saying | undefined;
  readonly mayWork: boolean;
  /** Makes a double press one call. */
  readonly once: string;
}

/** Who has how much, who is there, who is away; and where one says that one is. */
export const WorkloadPage: FC<WorkloadPageProps> = (props) => {
  const { reader, facts, works, staffing, said, mayWork } = props;
  const { teams, agents } = facts.desk;
  const outside = agents.filter((agent) => agent.role !== 'viewer' && !teams.some(({ id }) => agent.teams.includes(id)));
  return (
    <WidePage reader={reader} title={reader.say('verb.workload')} facts={facts} tab="more">
      {said && <p class={`bar-say bar-say--${said.tone}`} role="status">{said.text}</p>}
      {teams.map((team) => <TeamPart reader={reader} team={team} works={works} staffing={staffing} />)}
      {outside.length > 0 && (
        <section aria-labelledby="team-none">
          <h2 class="h-gap" id="team-none">{teams.length > 0 ? reader.say('workload.no-team') : reader.say('verb.workload')}</h2>
          <Loads reader={reader} people={outside} loads={loadByOwner(works)} staffing={staffing} />
        </section>
      )}
      <h2 class="h-gap" id="away">{reader.say('verb.away')}</h2>
      <Absences {...props} />
      {mayWork && <AwayForm {...props} />}
    </WidePage>
  );
};

const TeamPart: FC<{ reader: Reader; team: Team; works: readonly Work[]; staffing: Staffing }> = ({ reader, team, works, staffing }) => {
  const there = onDuty(team, staffing);
  const next = there.length > 0 ? undefined : nextOnDuty(team, staffing);
  const loads = loadByOwner(works, team.id);
  return (
    <section aria-labelledby={`team-${team.id}`}>
      <h2 class="h-gap" id={`team-${team.id}`}><a href={placePath({ kind: 'team', id: team.id })}>{team.name}</a></h2>
      <p class="dim">
        <Icon name="users" /> {reader.say('duty.now')} {there.length > 0 ? there.map(({ name }) => name).join(', ') : next ? reader.say('duty.next', { who: next.agent.name, time: reader.dateTime(next.at) }) : reader.say('duty.nobody')} · {reader.say(`duty.dealing.${team.dealing}`)}
      </p>
      <Loads reader={reader} people={membersOf(team, staffing.desk)} loads={loads} staffing={staffing} />
    </section>
  );
};

const Loads: FC<{ reader: Reader; people: readonly Agent[]; loads: ReadonlyMap<string | undefined, Load>; staffing: Staffing }> = ({ reader, people, loads, staffing }) => (
  <div class="loads" tabindex={0} role="region" aria-label={reader.say('verb.workload')}>
    <table>
      <thead>
        <tr><th scope="col">{reader.say('option.agent')}</th><th scope="col">{reader.say('status.open')}</th><th scope="col">{reader.say('list.longest-wait')}</th><th scope="col">{reader.say('status.pending')}</th><th scope="col">{reader.say('status.snoozed')}</th></tr>
      </thead>
      <tbody>
        {people.map((agent) => {
          const absence = absenceOf(agent.id, staffing);
          return <LoadRow reader={reader} name={agent.name} away={absence && reader.say('fact.away', { time: reader.dateTime(absence.until) })} load={loads.get(agent.id) ?? NO_LOAD} />;
        })}
        {loads.has(undefined) && <LoadRow reader={reader} name={undefined} away={undefined} load={loads.get(undefined) ?? NO_LOAD} />}
      </tbody>
    </table>
  </div>
);

const LoadRow: FC<{ reader: Reader; name: string | undefined; away: string | undefined; load: Load }> = ({ reader, name, away, load }) => (
  <tr>
    <th scope="row">{name === undefined ? reader.say('fact.unassigned') : <><Avatar name={name} side="staff" small /> {name}</>}{away && <small class="dim"> {away}</small>}</th>
    <td>{load.open}</td><td>{load.waitingSince ? reader.wait(load.waitingSince) : '–'}</td><td>{load.pending}</td><td>{load.snoozed}</td>
  </tr>
);

const Absences: FC<WorkloadPageProps> = (props) => {
  const { absences } = props.staffing;
  if (absences.length === 0) return <p class="dim">{props.reader.say('away.none')}</p>;
  return <ul class="held-mails">{absences.map((absence) => <li class="held-mail"><AbsenceRow {...props} absence={absence} /></li>)}</ul>;
};

const AbsenceRow: FC<WorkloadPageProps & { absence: Absence }> = ({ reader, facts, mayWork, once, absence }) => {
  const { desk, agent } = facts;
  const { standIn } = absence;
  const params = { who: desk.agents.find(({ id }) => id === absence.agentId)?.name ?? absence.agentId, from: reader.dateTime(absence.from), until: reader.dateTime(absence.until) };
  const name = standIn && ((standIn.kind === 'agent' ? desk.agents : desk.teams).find(({ id }) => id === standIn.id)?.name ?? standIn.id);
  return (
    <>
      <Icon name="moon" />
      <div>
        <p>{name ? reader.say('away.done-stand-in', { ...params, standIn: name }) : reader.say('away.done', params)}</p>
        {mayWork && (absence.agentId === agent.id || agent.role === 'admin') && (
          <form method="post" action="/workload/do/back">
            <input type="hidden" name="_csrf" value={facts.csrf} /><input type="hidden" name="once" value={`${once}-back-${absence.id}`} /><input type="hidden" name="who" value={absence.agentId} />
            <button class="btn btn--s" type="submit">{reader.say('verb.back')}</button>
          </form>
        )}
      </div>
    </>
  );
};

const AwayForm: FC<WorkloadPageProps> = ({ reader, facts, once }) => {
  const { desk, agent } = facts;
  const people = desk.agents.filter(({ role }) => role !== 'viewer');
  return (
    <form class="form form--narrow" method="post" action="/workload/do/away">
      <input type="hidden" name="_csrf" value={facts.csrf} /><input type="hidden" name="once" value={`${once}-away`} />
      {agent.role === 'admin' && (
        <div class="field"><label for="away-who">{reader.say('option.agent')}</label><select class="in" id="away-who" name="who">{people.map(({ id, name }) => <option value={id} selected={id === agent.id}>{name}</option>)}</select></div>
      )}
      <div class="field"><label for="away-from">{reader.say('option.away-from')}</label><input class="in" id="away-from" name="from" autocomplete="off" /></div>
      <div class="field"><label for="away-until">{reader.say('option.away-until')}</label><input class="in" id="away-until" name="until" autocomplete="off" required /></div>
      <div class="field">
        <label for="away-stand-in">{reader.say('option.stand-in')}</label>
        <select class="in" id="away-stand-in" name="stand-in"><option value="">–</option>{[...people, ...desk.teams].map(({ id, name }) => <option value={id}>{name}</option>)}</select>
      </div>
      <div class="form__end"><button class="btn btn--primary" type="submit">{reader.say('verb.away')}</button></div>
    </form>
  );
};
