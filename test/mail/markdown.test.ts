import { describe, expect, it } from 'vitest';

import { toHtml, toMailHtml } from '../../src/mail/markdown.js';

describe.each([
  ['mails', toMailHtml],
  ['screens', toHtml],
])('Markdown for %s', (_for, render) => {
  it('keeps line breaks as typed', () => {
    expect(render('one\ntwo')).toBe('<p>one<br>\ntwo</p>\n');
  });

  it('shows HTML as it was typed', () => {
    expect(render('<script>alert(1)</script> <b onclick=x>')).not.toMatch(/<(?:script|b)/);
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](vbscript:x)',
    '[x](data:text/html,x)',
    '[x](file:///etc/passwd)',
    '![x](data:image/png;base64,xx)',
    '<javascript:alert(1)>',
    '[x]( &#106;avascript:alert(1))',
  ])('makes no link of %s', (source) => {
    expect(render(source)).not.toMatch(/(?:href|src)="(?!")/);
  });

  it('links addresses that were typed as such, and no file names', () => {
    expect(render('see https://shop.test/a?b=1&c=2')).toContain('href="https://shop.test/a?b=1&amp;c=2"');
    expect(render('write to anna@example.com')).toContain('href="mailto:anna@example.com"');
    expect(render('run plik.py or readme.md')).not.toContain('href');
  });

  it('does not take parts of a mail for links', () => {
    expect(render('[x](cid:part)')).toContain('href=""');
  });
});

describe('Markdown for mails', () => {
  it('shows pictures, also parts of the mail', () => {
    expect(toMailHtml('![x](cid:part)')).toContain('src="cid:part"');
    expect(toMailHtml('![x](mailto:a@b.test)')).toContain('src=""');
  });

  it('carries its styles inline', () => {
    expect(toMailHtml('> quoted')).toMatch(/<blockquote style="[^"]*border-left/);
  });
});

describe('Markdown for screens', () => {
  it('loads no pictures, and tells linked pages nothing', () => {
    expect(toHtml('![a <b>](https://tracker.test/p.gif)')).toBe('<p>[a &lt;b&gt;]</p>\n');
    expect(toHtml('[x](https://shop.test)')).toContain('target="_blank" rel="noopener noreferrer nofollow"');
    expect(toHtml('> quoted')).not.toContain('style');
  });
});
