import { describe, expect, it } from 'vitest';

import { toHtml } from '../../src/mail/markdown.js';

describe('Markdown of answers', () => {
  it('keeps line breaks as typed', () => {
    expect(toHtml('one\ntwo')).toBe('<p>one<br>\ntwo</p>\n');
  });

  it('shows HTML as it was typed', () => {
    expect(toHtml('<script>alert(1)</script> <b onclick=x>')).not.toMatch(/<(?:script|b)/);
  });

  it.each(['[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](vbscript:x)', '[x](data:text/html,x)', '[x](file:///etc/passwd)', '![x](data:image/png;base64,xx)', '<javascript:alert(1)>', '[x]( &#106;avascript:alert(1))'])(
    'makes no link of %s',
    (source) => {
      expect(toHtml(source)).not.toMatch(/(?:href|src)="(?!")/);
    },
  );

  it('does not show parts of the mail as links, nor mail addresses as pictures', () => {
    expect(toHtml('[x](cid:part)')).toContain('href=""');
    expect(toHtml('![x](mailto:a@b.test)')).toContain('src=""');
    expect(toHtml('![x](cid:part)')).toContain('src="cid:part"');
  });

  it('links addresses that were typed as such, and no file names', () => {
    expect(toHtml('see https://shop.test/a?b=1&c=2')).toContain('href="https://shop.test/a?b=1&amp;c=2"');
    expect(toHtml('write to anna@example.com')).toContain('href="mailto:anna@example.com"');
    expect(toHtml('run plik.py or readme.md')).not.toContain('href');
  });

  it('carries its styles inline', () => {
    expect(toHtml('> quoted')).toMatch(/<blockquote style="[^"]*border-left/);
  });
});
