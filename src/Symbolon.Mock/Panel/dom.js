/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** Writes only what changed, so that nothing is announced or repainted for nothing. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Makes a list show these items. What is there already stays in place, and with it the focus and what is being typed.
 * @template T
 * @param {Element} list @param {T[]} items @param {(item: T) => string} keyOf
 * @param {(item: T) => { element: any, update?: (item: T) => void }} create
 */
export function show(list, items, keyOf, create) {
  const rows = /** @type {Map<string, any>} */ (list.rows ??= new Map());
  const keys = new Set(items.map(keyOf));
  for (const [key, row] of rows) {
    if (keys.has(key)) continue;
    const hadFocus = row.element.contains(document.activeElement);
    row.element.remove();
    rows.delete(key);
    if (hadFocus) list.closest('section').querySelector('h2').focus();
  }
  items.forEach((item, at) => {
    const key = keyOf(item);
    if (!rows.has(key)) rows.set(key, create(item));
    const row = rows.get(key);
    if (list.children[at] !== row.element) list.insertBefore(row.element, list.children[at] ?? null);
    row.update?.(item);
  });
}

/** Forgets the rows, so that they are made anew, in another language. @param {Element} list */
export function forget(list) {
  list.rows = undefined;
  list.replaceChildren();
}
