/** Puts the paragraphs of a `format=flowed` text together again. Source: RFC 3676 section 4. */
export function unflow(text: string, deleteSpace: boolean): string {
  const result: string[] = [];
  let open: { depth: number; text: string[] } | undefined;
  const close = (): void => {
    if (open) result.push('>'.repeat(open.depth) + (open.depth > 0 ? ' ' : '') + open.text.join(''));
    open = undefined;
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    let depth = 0;
    while (line.charCodeAt(depth) === 0x3e) depth++;
    let content = line.slice(depth);
    if (content.startsWith(' ')) content = content.slice(1);
    const flows = content.endsWith(' ') && content !== '-- ';
    if (open && (open.depth !== depth || content === '-- ')) close();
    const piece = flows && deleteSpace ? content.slice(0, -1) : content;
    if (open) open.text.push(piece);
    else open = { depth, text: [piece] };
    if (!flows) {
      // A fixed line is kept to the letter, so that an unquoted one costs nothing.
      if (open.depth === 0 && open.text.length === 1) {
        result.push(piece);
        open = undefined;
      } else close();
    }
  }
  close();
  return result.join('\n');
}
