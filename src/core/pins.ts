import type { Note } from './model.js';

/** Notes that are kept in sight, the one that was pinned last first. What was deleted is out of sight. */
export function newestPinned(notes: readonly Note[]): readonly Note[] {
  const time = ({ pinnedAt }: Note): number => pinnedAt?.getTime() ?? 0;
  return notes.filter(({ pinnedAt, deletedAt }) => pinnedAt && !deletedAt).sort((one, other) => time(other) - time(one) || (one.id < other.id ? 1 : -1));
}

/** What a note says in one line; one that only carries files is known by their names. */
export function noteLine({ text, files }: Note, chars: number): string {
  const line = (text || files.map(({ fileName }) => fileName).join(', ')).replace(/\s+/g, ' ').trim();
  return line.length > chars ? `${line.slice(0, chars - 1)}…` : line;
}
