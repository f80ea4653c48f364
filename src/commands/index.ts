/** The catalogue: every verb that staff can say, one line each. */
import { approve, sendBack } from './approve.js';
import { assign, handOver } from './assign.js';
import { away, back } from './away.js';
import { bulk, bulkGo, bulks, bulkShow, bulkStop, bulkUndo } from './bulk.js';
import { claim } from './claim.js';
import { close } from './close.js';
import { CUSTOMER_VERBS } from './customers.js';
import type { CommandDefinition } from './definition.js';
import { duty } from './duty.js';
import { edit } from './edit.js';
import { exportFiles } from './export.js';
import { file, unfile } from './file.js';
import { find } from './find.js';
import { followUp } from './follow-up.js';
import { forward } from './forward.js';
import { helpOf } from './help.js';
import { history } from './history.js';
import { templateEdit, templateNew, templateRestore, templateRetire, templateSave } from './keep-template.js';
import { label, unlabel } from './label.js';
import { link } from './link.js';
import { my, overdue, team, unassigned } from './lists.js';
import { merge, split, unmerge } from './merge.js';
import { move } from './move.js';
import { note } from './note.js';
import { pin, unpin } from './pin.js';
import { priority } from './priority.js';
import { release } from './release.js';
import { reopen } from './reopen.js';
import { draft, reply } from './reply.js';
import { arrived, sendAgain } from './settle-doubt.js';
import { deleteSearch, renameSearch, saveSearch, searches } from './saved-searches.js';
import { allow, block, disallow, senders, unblock } from './senders.js';
import { show } from './show.js';
import { remind, snooze } from './snooze.js';
import { notSpam, spam } from './spam.js';
import { template, templates } from './templates.js';
import { undo } from './undo.js';
import { wait } from './wait.js';
import { workload } from './workload.js';
import { write } from './write.js';

export const COMMANDS: readonly CommandDefinition[] = [
  claim, release, assign, handOver, note, pin, unpin, reply, draft, edit, approve, sendBack, forward, write, undo, close, reopen, arrived, sendAgain,
  label, unlabel, priority, wait, followUp, snooze, remind, move, file, unfile, merge, unmerge, split, spam, notSpam,
  my, unassigned, overdue, team, workload, duty, away, back,
  block, unblock, allow, disallow, senders,
  ...CUSTOMER_VERBS,
  bulk, bulkGo, bulkStop, bulkUndo, bulkShow, bulks,
  saveSearch, searches, renameSearch, deleteSearch,
  templates, template, templateNew, templateSave, templateEdit, templateRetire, templateRestore,
  show, history, exportFiles, find, link, helpOf(() => COMMANDS),
];
