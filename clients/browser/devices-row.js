import { ago, dateAndTime } from './devices-texts.js';

/** @typedef {import('./types.js').Device} Device */
/** @typedef {{ tag: string, texts: import('./devices-texts.js').Texts }} Language */
/** @typedef {{ end(row: Row): Promise<void>, rename(row: Row, name: string): Promise<void>, failed(error: unknown): void }} Actions */
/** @typedef {{ element: HTMLLIElement, device: Device, name: string, place: HTMLButtonElement, show(device: Device, language: Language, now: number): void }} Row */

/**
 * Makes an element. All text goes in as text, never as HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} children @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Writes only what changed, so that nothing is announced for nothing. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Runs the work on each click, one at a time. The button stays focusable meanwhile: a disabled one would drop the keyboard's place.
 * @param {HTMLButtonElement} button @param {() => Promise<void>} work @param {(error: unknown) => void} failed
 */
export function onClick(button, work, failed) {
  button.addEventListener('click', () => whileBusy(button, work).catch(failed));
}

/** @param {HTMLButtonElement} button @param {() => Promise<void>} work */
async function whileBusy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

/** One device. @param {Device} first @param {Actions} actions @returns {Row} */
export function deviceRow(first, actions) {
  const name = make('span', { class: 'name', part: 'name', dir: 'auto' });
  const badge = make('span', { class: 'badge', part: 'badge' });
  const where = make('p', { class: 'detail', part: 'detail' });
  const time = make('time');
  const seen = make('p', { class: 'detail', part: 'detail seen' }, time);
  const end = make('button', { type: 'button', class: 'end', part: 'button end' });
  const open = make('button', { type: 'button', part: 'button rename', 'aria-expanded': 'false' });
  const form = renameForm(first.session_id, open, (value) => actions.rename(row, value), actions.failed);
  const element = make('li', { part: 'device' },
    make('div', { class: 'text', part: 'text' }, make('p', {}, name, badge), where, seen),
    make('div', { class: 'actions', part: 'actions' }, open, end), form.element);

  /** @type {Row} */
  const row = {
    element, place: open, device: first, name: '',
    show(device, language, now) {
      const { tag, texts } = language;
      row.device = device;
      row.name = device.device?.name || texts.unnamed;
      const since = texts.since(dateAndTime(tag, device.created_at));
      say(name, row.name);
      say(badge, texts.current);
      badge.hidden = !device.current;
      element.setAttribute('part', device.current ? 'device current' : 'device');
      say(where, [device.device?.type, device.ip].filter(Boolean).join(', '));
      where.hidden = !where.textContent;
      time.dateTime = device.last_seen_at;
      time.title = dateAndTime(tag, device.last_seen_at);
      say(time, device.current ? texts.now : texts.seen(ago(tag, now - Date.parse(device.last_seen_at))));
      for (const [button, action] of /** @type {const} */ ([[end, texts.end], [open, texts.rename]])) {
        say(button, action);
        button.setAttribute('aria-label', texts.which(action, row.name, device.current ? texts.current : since));
      }
      form.show(device.device?.name ?? '', texts);
    },
  };
  onClick(end, () => actions.end(row), actions.failed);
  return row;
}

/**
 * Opens below its button, which gets the focus back.
 * @param {string} id @param {HTMLButtonElement} open @param {(name: string) => Promise<void>} work @param {(error: unknown) => void} failed
 */
function renameForm(id, open, work, failed) {
  const field = make('input', { id: `name-${id}`, part: 'input', maxlength: '64', autocomplete: 'off', 'aria-describedby': `hint-${id}`, dir: 'auto' });
  const label = make('label', { for: field.id });
  const hint = make('p', { id: `hint-${id}`, class: 'hint' });
  const save = make('button', { type: 'submit', class: 'save', part: 'button save' });
  const cancel = make('button', { type: 'button', part: 'button cancel' });
  const element = make('form', { part: 'form', novalidate: '' }, label, field, hint, make('div', { class: 'actions' }, save, cancel));
  element.hidden = true;
  let before = '';
  let missing = '';

  const complain = (/** @type {string} */ text) => {
    say(hint, text);
    field.setAttribute('aria-invalid', String(Boolean(text)));
  };
  const toggle = (/** @type {boolean} */ visible) => {
    element.hidden = !visible;
    open.setAttribute('aria-expanded', String(visible));
    complain('');
    field.value = before;
    (visible ? field : open).focus();
    if (visible) field.select();
  };
  open.addEventListener('click', () => toggle(element.hidden === true));
  cancel.addEventListener('click', () => toggle(false));
  element.addEventListener('keydown', (event) => { if (event.key === 'Escape') toggle(false); });
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = field.value.trim();
    complain(name ? '' : missing);
    if (!name) return field.focus();
    whileBusy(save, async () => {
      await work(name);
      toggle(false);
    }).catch(failed);
  });
  return {
    element,
    show(/** @type {string} */ name, /** @type {import('./devices-texts.js').Texts} */ texts) {
      if (element.hidden) field.value = name;
      before = name;
      missing = texts.nameHint;
      say(label, texts.name);
      say(save, texts.save);
      say(cancel, texts.cancel);
    },
  };
}
