import type { Child, FC } from 'hono/jsx';
import { placeParam, type Place } from '../place.js';

/** What every form of a conversation carries. */
export interface FormFacts {
  readonly csrf: string;
  readonly number: number;
  readonly revision: number;
  readonly place: Place;
  /** Makes a double press one call. */
  readonly once: string;
}

export const Hidden: FC<{ name: string; value: string | number }> = ({ name, value }) => <input type="hidden" name={name} value={String(value)} />;

/** What tells two buttons of one page apart; the whole text of an answer would be too long for a key. */
const MAX_ONCE_CHARS = 200;

/** A button that says one verb. Works as a plain form; with htmx only the parts that change are fetched. */
export const VerbForm: FC<{ facts: FormFacts; verb: string; args?: Readonly<Record<string, string>>; children?: Child; class?: string }> = ({ facts, verb, args, children, class: className }) => {
  const action = `/c/${facts.number}/do/${verb}`;
  return (
    <form method="post" action={action} hx-post={action} hx-swap="none" class={`verb ${className ?? ''}`.trim()}>
      <Hidden name="_csrf" value={facts.csrf} />
      <Hidden name="revision" value={facts.revision} />
      <Hidden name="in" value={placeParam(facts.place)} />
      <Hidden name="once" value={`${facts.once}-${verb}${args ? `-${Object.values(args).join('-').slice(0, MAX_ONCE_CHARS)}` : ''}`} />
      {Object.entries(args ?? {}).map(([name, value]) => <Hidden name={name} value={value} />)}
      {children}
    </form>
  );
};
