/** Finding the button or field that a person means. */
import { objectAt, objectsAt, stringAt } from './json.js';
import type { Ephemeral, Message } from './model.js';
import { controlsOf, type Control, type View } from './views.js';

/** An element by its action_id, by what it says, or more exactly. */
export type Which = string | { readonly action_id?: string; readonly block_id?: string; readonly text?: string };

/** @throws when there is none such, or more than one */
export function controlIn(target: Message | Ephemeral | View, which: Which): Control {
  const controls = controlsOf(isView(target) ? objectsAt(target.content, 'blocks') : target.blocks);
  const found = matching(controls, which);
  const [first] = found;
  const there = controls.map((one) => `${one.actionId} "${labelOf(one) ?? ''}" in ${one.blockId}`).join(', ');
  if (!first) throw new Error(`there is nothing like ${JSON.stringify(which)}; there is: ${there || 'nothing'}`);
  if (found.length > 1) throw new Error(`${JSON.stringify(which)} is there ${found.length} times; say block_id: ${there}`);
  return first;
}

function matching(controls: readonly Control[], which: Which): readonly Control[] {
  if (typeof which === 'string') {
    const byId = controls.filter((one) => one.actionId === which);
    return byId.length > 0 ? byId : controls.filter((one) => labelOf(one) === which);
  }
  const fits = (wanted: string | undefined, is: string | undefined): boolean => wanted === undefined || wanted === is;
  return controls.filter((one) => fits(which.action_id, one.actionId) && fits(which.block_id, one.blockId) && fits(which.text, labelOf(one)));
}

function labelOf(control: Control): string | undefined {
  return stringAt(objectAt(control.element, 'text'), 'text');
}

export function isView(target: Message | Ephemeral | View): target is View {
  return 'rootId' in target;
}

export function isEphemeral(target: Message | Ephemeral): target is Ephemeral {
  return 'via' in target;
}
