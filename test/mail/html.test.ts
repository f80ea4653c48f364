import { describe, expect, it } from 'vitest';
import { htmlToMarkdown, trimHtml } from '../../src/mail/html.js';

describe('htmlToMarkdown', () => {
  it('keeps emphasis, links, lists and tables; drops styles, scripts and hidden text', () => {
    expect(
      htmlToMarkdown('<html><head><title>T</title><style>x{}</style></head><body><div style="display:none">preheader</div><h2>Order</h2><p>Hello <b> world </b>and <i>more</i>, <a href="https://x.example/a?b=(1)">link</a> <a href="mailto:a@b.example">a@b.example</a></p><ul><li>one<ul><li>deep</li></ul></li></ul><ol start=3><li>x<li>y</ol><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table><script>alert(1)</script></body></html>'),
    ).toBe('## Order\n\nHello **world** and _more_, [link](https://x.example/a?b=%281%29) a@b.example\n\n- one\n  - deep\n\n3. x\n4. y\n\nA | B\n--- | ---\n1 | 2');
  });

  it('does not make links of anything but addresses to be followed', () => {
    expect(htmlToMarkdown('<a href="javascript:alert(1)">a</a> <a href="data:text/html,x">b</a>')).toBe('a b');
  });

  it('does not let written text pass for a quotation', () => {
    expect(htmlToMarkdown('<p>&gt; not quoted</p>')).toBe('\\> not quoted');
  });

  it.each(['<div>', '<blockquote>', '<b>', '<br>', '<p>', '<ul><li>x', '&nbsp;', '<a href="http://a.example">x</a> ', '<table><tr><td>', '<span> </span>', '<!--', '<', '<a x="'])('takes linear time on much of %j', (piece) => {
    const started = performance.now();
    htmlToMarkdown(piece.repeat(50_000));
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('trimHtml', () => {
  const QUOTES: Readonly<Record<string, string>> = {
    Gmail: '<div class="gmail_quote"><div class="gmail_attr">Tr. 12 Mart Dükkan:</div><blockquote class="gmail_quote">old</blockquote></div>',
    Thunderbird: '<div class="moz-cite-prefix">qwerty:<br></div><blockquote type="cite">old</blockquote>',
    'Outlook on the web': '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Xyz:</b> a</div><div>old</div>',
    'Outlook for Windows': '<div style="border-top:solid #E1E1E1 1.0pt"><p><b>Von:</b> Laden &lt;a@b.example&gt;<br><b>Gesendet:</b> Montag, 12. März 2024 10:22<br><b>An:</b> Jan<br><b>Betreff:</b> x</p></div><p>old</p>',
    Yahoo: '<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Le mardi, Boutique écrit</div><div>old</div></div>',
    Yandex: '<p>26.06.2014, 14:41, "Alexander" &lt;a@b.example&gt;:</p><blockquote>old</blockquote>',
    'Apple Mail': '<div>On 12 Mar 2024, at 10:22, Shop &lt;a@b.example&gt; wrote:</div><br><blockquote type="cite">old</blockquote>',
    Proton: '<div class="protonmail_quote">x<blockquote>old</blockquote></div>',
    signature: '<div class="gmail_signature">Jan<br>old phone number</div>',
  };

  it.each(Object.entries(QUOTES))('C19 folds what the markup of %s says is quoted', (_name, quote) => {
    const trimmed = trimHtml(`<div>Mine</div>${quote}`);
    expect(trimmed.visible).toBe('Mine');
    expect(trimmed.hidden).toContain('old');
  });

  it('C19 keeps interleaved answers in HTML', () => {
    const trimmed = trimHtml('<div class="gmail_quote">On Mon, 1 Jan 2024 at 10:00 A &lt;a@b.example&gt; wrote:<blockquote>one?</blockquote><div>yes one</div><blockquote>two?</blockquote><div>no two</div></div>');
    expect(trimmed.visible).toBe('> one?\n\nyes one\n\n> two?\n\nno two');
  });

  it('C19 keeps an answer below the quotation and text after a signature', () => {
    expect(trimHtml('<div class="yahoo_quoted">old</div><p>answer</p>').visible).toBe('answer');
    expect(trimHtml('<p>Hi</p><div class="gmail_signature">Jan</div><p>PS: more</p>').visible).toBe('Hi\n\nPS: more');
  });
});
