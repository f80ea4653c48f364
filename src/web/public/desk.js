// The desk's own script. Every page works without it; with it nothing is lost, news come by themselves, and hands stay on the keyboard.
// No framework: htmx swaps parts by id, this file adds what HTML alone cannot do.
'use strict';
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const csrf = $('meta[name="csrf"]')?.content ?? '';
  const pane = () => $('#conversation');
  const composer = () => $('#composer');
  const answerBox = () => $('#text');
  const noteBox = () => $('#note-text');
  const begun = () => $('#begun');

  /* ---- drafts: kept in this browser, by agent, conversation and box; forgotten when they were sent and at log-out ---- */

  const PREFIX = 'goniec:draft:';
  const BOXES = [['note', noteBox], ['answer', answerBox]];
  const draftKey = (box) => `${PREFIX}${composer().dataset.agent}:${composer().dataset.number}:${box}`;
  const storage = {
    read(key) { try { return JSON.parse(localStorage.getItem(key) ?? 'null'); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: the text stays in the box */ } },
    remove(key) { try { localStorage.removeItem(key); } catch { /* as above */ } },
  };

  function keepDrafts() {
    if (!composer()) return;
    for (const [box, field] of BOXES) {
      const text = field()?.value ?? '';
      if (text.trim() === '') storage.remove(draftKey(box));
      else storage.write(draftKey(box), { text, revision: begun()?.value, at: Date.now() });
    }
  }

  function restoreDrafts() {
    const element = composer();
    if (!element || element.dataset.ready !== undefined) return;
    element.dataset.ready = '';
    if (element.dataset.sent) storage.remove(draftKey(element.dataset.sent));
    for (const [box, field] of BOXES) {
      const kept = storage.read(draftKey(box));
      const area = field();
      if (!kept?.text || !area || area.value === kept.text) continue;
      // What the server put there comes first; what was written before is not thrown away.
      if (area.value.trim() === '') {
        area.value = kept.text;
        if (box === 'answer' && begun() && kept.revision) begun().value = kept.revision;
      } else if (element.dataset.filled !== undefined && !area.value.includes(kept.text) && !kept.text.includes(area.value)) area.value += `\n\n${kept.text}`;
    }
    if (answerBox()?.value.trim() && begun()?.value !== $('#thread')?.dataset.revision) refreshConversation();
    keepDrafts();
  }

  const answerBegun = () => (answerBox()?.value.trim() ? begun()?.value : undefined);

  /** Nothing is begun: what is on the screen now is what an answer would be begun from. */
  function followRevision() {
    const shown = $('#thread')?.dataset.revision;
    if (begun() && shown && !answerBegun()) begun().value = shown;
  }

  /* ---- presence: said while an answer is being written, taken back when it is not ---- */

  const PRESENCE_EVERY_MS = 30_000;
  let answering;
  function presence(state, number) {
    const body = new URLSearchParams({ state, _csrf: csrf });
    if (state === 'end' && navigator.sendBeacon) navigator.sendBeacon(`/c/${number}/presence`, body);
    else void fetch(`/c/${number}/presence`, { method: 'POST', body, headers: { 'X-CSRF': csrf } }).catch(() => undefined);
  }
  function beginAnswering() {
    const number = composer()?.dataset.number;
    if (!number || answering?.number === number) return;
    endAnswering();
    presence('begin', number);
    answering = { number, timer: setInterval(() => { if (!document.hidden) presence('begin', number); }, PRESENCE_EVERY_MS) };
  }
  /** Colleagues see who has a conversation before them. */
  let reading;
  function read() {
    const number = pane()?.dataset.number;
    if (reading && reading.number !== number) {
      clearInterval(reading.timer);
      presence('end', reading.number);
      reading = undefined;
    }
    if (!number || reading) return;
    const say = () => { if (!document.hidden && answering?.number !== number) presence('read', number); };
    reading = { number, timer: setInterval(say, PRESENCE_EVERY_MS) };
    say();
  }
  function endReading() {
    if (!reading) return;
    clearInterval(reading.timer);
    if (answering?.number !== reading.number) presence('end', reading.number);
    reading = undefined;
  }
  function endAnswering() {
    if (!answering) return;
    clearInterval(answering.timer);
    presence('end', answering.number);
    answering = undefined;
  }

  /* ---- composer ---- */

  document.addEventListener('input', (event) => {
    if (!event.target.matches('#text, #note-text')) return;
    if (event.target.id === 'text' && event.target.value.trim() === '') { keepDrafts(); followRevision(); return; }
    keepDrafts();
  });
  document.addEventListener('change', (event) => {
    const { target } = event;
    if (target.name === 'mode' && target.closest('#composer')) {
      composer().classList.add('is-open');
      (target.value === 'answer' ? answerBox() : noteBox())?.focus();
      if (target.value !== 'answer') endAnswering();
    }
    if (target.id === 'attach') showChosen(target, '#chosen');
    if (target.id === 'note-attach') showChosen(target, '#note-chosen');
  });
  document.addEventListener('focusin', ({ target }) => {
    if (target.closest?.('#composer')) composer().classList.add('is-open');
    if (target.id === 'text') beginAnswering();
  });
  document.addEventListener('focusout', ({ target }) => {
    if (target.id === 'text') setTimeout(() => { if (document.activeElement?.id !== 'text' && !answerBox()?.value.trim()) endAnswering(); }, 200);
  });
  // On a phone the composer is two buttons again once somebody touches the thread.
  document.addEventListener('pointerdown', ({ target }) => {
    if (target.closest?.('.thread-wrap, .conv__head')) composer()?.classList.remove('is-open');
    // What is pressed takes the cursor out of its box: without this the composer would fold, and move away from under the finger.
    else if (target.closest?.('#composer') && composer().contains(document.activeElement)) composer().classList.add('is-open');
  });

  function listFile(list, text, mark = '') {
    const item = document.createElement('li');
    item.className = `file ${mark}`.trim();
    item.textContent = text;
    list.append(item);
  }
  function showChosen(input, where) {
    const list = $(where);
    $$('.is-chosen', list).forEach((item) => item.remove());
    for (const file of input.files) listFile(list, `${file.name} (${Math.max(1, Math.round(file.size / 1000))} kB)`, 'is-chosen');
    tellSize(input, list);
  }

  /** As the server counts (core/answer-size): said before anything is uploaded. */
  function tellSize(input, list) {
    const bytes = [...input.files].reduce((sum, { size }) => sum + size, 0) * (4 / 3) * (78 / 76);
    const tooLarge = input.dataset.max !== undefined && bytes > Number(input.dataset.max);
    const text = tooLarge ? input.dataset.tooLarge.replace('…', `${Math.ceil(bytes / 1e5) / 10} MB`) : '';
    input.setCustomValidity(text);
    if (!tooLarge) return;
    const item = document.createElement('li');
    item.className = 'is-chosen is-danger';
    item.setAttribute('role', 'alert');
    item.textContent = text;
    list.append(item);
  }

  /** Its text at the cursor, its files beside those that are there; the answer remembers what it was begun from. */
  function insertTemplate({ id, text, files }) {
    const area = answerBox();
    const [start, end] = [area.selectionStart ?? area.value.length, area.selectionEnd ?? area.value.length];
    const before = area.value.slice(0, start);
    const gap = before.trim() && !before.endsWith('\n') ? '\n\n' : '';
    area.setRangeText(gap + text, start, end, 'end');
    const [used, kept] = [$('#used'), $('#kept')];
    used.value = [...new Set([...used.value.split(',').filter(Boolean), id])].join(',');
    const there = JSON.parse(kept.value || '[]');
    const added = files.filter(({ blob }) => !there.some((file) => file.blob === blob));
    if (added.length > 0) kept.value = JSON.stringify([...there, ...added]);
    for (const { fileName } of added) listFile($('#chosen'), fileName);
    area.focus();
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  document.addEventListener('click', (event) => {
    const { target } = event;
    const template = target.closest?.('[data-template]');
    if (template) {
      event.preventDefault();
      template.closest('details').open = false;
      void fetch(template.dataset.template, { headers: { 'X-CSRF': csrf } }).then((response) => (response.ok ? response.json() : Promise.reject(new Error(String(response.status))))).then(insertTemplate).catch(() => { location.href = template.href; });
      return;
    }
    if (target.closest?.('#send-answer[aria-disabled="true"]')) { event.preventDefault(); event.stopPropagation(); $('#stale')?.scrollIntoView({ block: 'nearest' }); return; }
    if (target.closest?.('.said__x')) { $('#said').replaceChildren(); return; }
    if (target.closest?.('a[href="#new"]')) { event.preventDefault(); const mark = $('#new'); mark?.scrollIntoView({ block: 'start' }); mark?.focus(); return; }
    // A menu closes when somebody goes elsewhere.
    for (const menu of $$('details.menu[open]')) if (!menu.contains(target)) menu.open = false;
  }, true);

  document.addEventListener('input', ({ target }) => {
    if (target.id !== 'tq') return;
    const words = target.value.trim().toLowerCase();
    const menu = target.closest('.menu__pop');
    const items = $$('li', menu);
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(words);
    $('.menu__none', menu).hidden = items.some((item) => !item.hidden);
  });

  /* ---- keyboard ---- */

  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    const typing = target.matches?.('input, textarea, select, [contenteditable]');
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'k') {
      const search = $('#q');
      if (search && search.offsetParent) { event.preventDefault(); search.focus(); search.select(); }
    } else if ((event.ctrlKey || event.metaKey) && key === 'Enter' && target.closest?.('#composer')) {
      event.preventDefault();
      (target.id === 'text' ? $('#send-answer') : $('#save-note'))?.click();
    } else if (key === 'Escape') {
      const menu = target.closest?.('details.menu[open]') ?? $('details.menu[open]');
      if (menu) { menu.open = false; $('summary', menu).focus(); }
      else if (target.closest?.('#composer')) { composer().classList.remove('is-open'); target.blur(); $('.thread-wrap')?.focus(); }
    } else if (key === 'Enter' && target.id === 'tq') {
      event.preventDefault();
      $$('li:not([hidden]) .tpl', target.closest('.menu__pop'))[0]?.click();
    } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && ['j', 'k', 'ArrowDown', 'ArrowUp'].includes(key) && (target.closest?.('.list') || (target === document.body && key.length === 1))) {
      const cards = $$('.card');
      const at = cards.indexOf(document.activeElement);
      const from = at >= 0 ? at : cards.findIndex((card) => card.classList.contains('is-current'));
      const next = cards[Math.min(cards.length - 1, Math.max(0, from + (key === 'j' || key === 'ArrowDown' ? 1 : -1)))];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });

  /* ---- undo: seconds are counted here; when they are over the server is asked ---- */

  setInterval(() => {
    for (const bar of $$('.undo[data-left]')) {
      bar.dataset.until ??= String(performance.now() + Number(bar.dataset.left));
      const seconds = Math.ceil((Number(bar.dataset.until) - performance.now()) / 1000);
      const shown = Math.max(0, seconds);
      const word = $('.undo__s', bar);
      const text = word.textContent.replace(/\d+/, String(shown));
      if (text !== word.textContent) word.textContent = text;
      const ring = $('.ring__left', bar);
      ring.setAttribute('stroke-dasharray', `${shown} ${ring.getAttribute('pathLength')}`);
      if (seconds <= 0 && bar.dataset.over === undefined) { bar.dataset.over = ''; setTimeout(() => tell('undochanged'), 400); }
    }
  }, 250);

  /* ---- parts that come anew: what was open stays open, what is current stays marked ---- */

  const tell = (name) => document.body.dispatchEvent(new CustomEvent(name));
  const open = new Set();
  document.addEventListener('toggle', ({ target }) => {
    if (!target.id || target.matches('.menu')) return;
    if (target.open) open.add(target.id); else open.delete(target.id);
  }, true);

  function refreshConversation() {
    const number = pane()?.dataset.number;
    if (number) void htmx.ajax('GET', `/parts/c/${number}`, { source: pane(), swap: 'none', values: { in: pane().dataset.in } });
  }

  document.addEventListener('htmx:configRequest', ({ detail }) => {
    detail.headers['X-CSRF'] = csrf;
    const current = pane()?.dataset.number;
    if (detail.path.startsWith('/parts/list') && current) detail.parameters.at = current;
    if (detail.path.startsWith('/parts/c/') || /^\/c\/\d+\/do\//.test(detail.path)) { const from = answerBegun(); if (from) detail.parameters.begun = from; }
  });
  document.addEventListener('htmx:beforeRequest', ({ detail }) => { if (detail.elt.matches?.('.card')) keepDrafts(); });
  /* What is typed or chosen in an open menu stays there when news bring its part anew. */
  let menus = [];
  function keepMenus() {
    menus = $$('details.menu[open][id]').map((menu) => ({
      menu, focused: menu.contains(document.activeElement) ? document.activeElement.id : '',
      fields: $$('input:not([type=hidden]), textarea, select', menu).filter(({ id }) => id).map(({ id, value }) => ({ id, value })),
    }));
  }
  function restoreMenus() {
    for (const { menu, focused, fields } of menus) {
      const anew = document.getElementById(menu.id);
      // Closed since then by hand: it stays closed.
      if (!anew || anew === menu || !menu.open) continue;
      anew.open = true;
      for (const { id, value } of fields) { const field = document.getElementById(id); if (field) field.value = value; }
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
    menus = menus.filter(({ menu }) => menu.isConnected);
  }

  document.addEventListener('htmx:beforeSwap', ({ detail }) => {
    keepDrafts();
    if (detail.requestConfig?.path.startsWith('/parts/')) keepMenus();
    else menus = [];
    if (detail.target?.id === 'conversation') endAnswering();
  });
  function settle() {
    for (const id of open) { const element = document.getElementById(id); if (element?.tagName === 'DETAILS') element.open = true; }
    for (const field of $$('.menu__find, .said__x')) field.hidden = false;
    const send = $('#send-answer');
    if (send && $('#stale .stale')) { send.setAttribute('aria-disabled', 'true'); send.setAttribute('aria-describedby', 'stale'); }
    else if (send) { send.removeAttribute('aria-disabled'); send.removeAttribute('aria-describedby'); }
    restoreDrafts();
    restoreMenus();
    followRevision();
    read();
    // What was put into the composer once is not put there again by a reload.
    const address = new URL(location.href);
    if (['draft', 'template'].some((name) => address.searchParams.has(name))) { for (const name of ['draft', 'template']) address.searchParams.delete(name); history.replaceState(history.state, '', address); }
    const number = pane()?.dataset.number;
    document.body.classList.toggle('is-conv', number !== undefined);
    for (const card of $$('.card')) {
      const current = card.dataset.number === number;
      card.classList.toggle('is-current', current);
      if (current) card.setAttribute('aria-current', 'true'); else card.removeAttribute('aria-current');
    }
  }
  document.addEventListener('htmx:afterSettle', settle);
  let turned;
  document.addEventListener('htmx:oobBeforeSwap', ({ detail }) => {
    if (detail.target?.id === 'composer') turned = composer().classList.contains('is-open') ? $('input[name="mode"]:checked', composer())?.value : undefined;
  });
  document.addEventListener('htmx:oobAfterSwap', ({ detail }) => { if (detail.target?.id === 'composer') { endAnswering(); if (!stayTurned()) focusFilled(); } settle(); });
  /** What was sent is off, but they have turned to the other box meanwhile: they stay there. */
  function stayTurned() {
    const sent = composer()?.dataset.sent;
    if (!sent || !turned || turned === sent) return false;
    $(`#mode-${turned}`).checked = true;
    composer().classList.add('is-open');
    (turned === 'answer' ? answerBox() : noteBox())?.focus();
    return true;
  }
  document.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (detail.target?.id !== 'conversation' && detail.elt?.id !== 'conversation') return;
    // News come in parts of it, and interrupt nobody who is writing.
    if (detail.requestConfig?.path.startsWith('/parts/')) return;
    settle();
    if (!focusFilled()) $('#subject')?.focus({ preventScroll: true });
  });
  /** An answer that was taken back, or was stopped, is ready to be gone on with. */
  function focusFilled() {
    if (composer()?.dataset.filled === undefined) return false;
    const area = $('#mode-answer').checked ? answerBox() : noteBox();
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
    return true;
  }
  document.addEventListener('htmx:responseError', ({ detail }) => { show(detail.xhr.status === 401 ? 'logged-out' : 'went-wrong'); });
  document.addEventListener('htmx:sendError', () => show('offline'));

  function show(id) {
    const bar = document.getElementById(id);
    if (!bar) return;
    bar.hidden = false;
    if (id === 'went-wrong') setTimeout(() => { bar.hidden = true; }, 8000);
  }

  /* ---- news: one connection, closed while the page is out of sight (browsers allow six to one address) ---- */

  const HIDDEN_MS = 30_000;
  const TOAST_MS = 12_000;
  let source;
  let wasOpen = false;
  let hideTimer;

  function connect() {
    if (source || document.body.dataset.live === undefined) return;
    source = new EventSource('/events');
    source.addEventListener('hello', () => {
      $('#offline').hidden = true;
      if (wasOpen) { tell('deskchanged'); tell('undochanged'); refreshConversation(); }
      wasOpen = true;
    });
    source.addEventListener('changed', ({ data }) => {
      const { conversations } = JSON.parse(data);
      tell('deskchanged');
      if (conversations.includes(pane()?.dataset.id)) refreshConversation(); else tell('undochanged');
    });
    source.addEventListener('announced', ({ data }) => announce(JSON.parse(data)));
    source.addEventListener('error', () => {
      if (!navigator.onLine) show('offline');
      // A refused connection (logged out) is not tried again by the browser.
      if (source?.readyState === EventSource.CLOSED) { source = undefined; void fetch('/parts/undo', { headers: { 'X-CSRF': csrf } }).then((response) => { if (response.status === 401) show('logged-out'); }).catch(() => show('offline')); }
    });
  }
  function disconnect() { source?.close(); source = undefined; }

  function announce({ text, path }) {
    // What happens in the open conversation is seen there.
    if (path === `/c/${pane()?.dataset.number}` && !document.hidden) return;
    const toast = document.createElement('a');
    toast.className = 'toast';
    toast.href = path;
    toast.textContent = text;
    $('#toasts').append(toast);
    while ($('#toasts').children.length > 3) $('#toasts').firstElementChild.remove();
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(hideTimer);
    if (document.hidden) hideTimer = setTimeout(disconnect, HIDDEN_MS); else connect();
  });
  window.addEventListener('offline', () => show('offline'));
  window.addEventListener('online', () => { $('#offline').hidden = true; });
  window.addEventListener('pagehide', () => { keepDrafts(); endReading(); endAnswering(); disconnect(); });
  window.addEventListener('pageshow', ({ persisted }) => { if (persisted) { connect(); tell('deskchanged'); refreshConversation(); } });

  document.addEventListener('submit', ({ target }) => {
    if (!target.matches('.logout')) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  });

  settle();
  focusFilled();
  connect();
})();
