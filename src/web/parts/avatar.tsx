import type { FC } from 'hono/jsx';

/** Initials: square for staff, round for customers. Hidden from readers; the name stands beside it. */
export const Avatar: FC<{ name: string; side: 'staff' | 'cust'; small?: boolean }> = ({ name, side, small }) => (
  <span aria-hidden="true" class={`av av--${side}${small ? ' av--s' : ''}`}>{initials(name)}</span>
);

function initials(name: string): string {
  const words = name.split(/[\s@.]+/).filter((word) => /^\p{L}|\p{N}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => (word ? [...word][0] : '') ?? '');
  return letters.join('').toUpperCase() || '?';
}

export const firstName = (name: string): string => name.split(/\s+/)[0] ?? name;
