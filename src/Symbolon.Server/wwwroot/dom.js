/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** Writes text only where it changed, so that nothing is announced or repainted for nothing. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Says something that concerns the whole page; announced by screen readers. @param {string} text */
export const notify = (text) => setText(byId('notice'), text);

/**
 * Runs the work on each click, one at a time. The button stays focusable meanwhile: a disabled one would drop the keyboard's place.
 * @param {HTMLElement} button @param {() => Promise<void>} work @param {(error: unknown) => void} [failed]
 */
export function onClick(button, work, failed = reportError) {
  button.addEventListener('click', () => whileBusy(button, work).catch(failed));
}

/** @param {HTMLElement} button @param {() => Promise<void>} work */
export async function whileBusy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

/** Shows a section or hides it; moves the focus on if it was inside. @param {HTMLElement} section @param {boolean} visible @param {HTMLElement} next */
export function toggle(section, visible, next) {
  const focusWasInside = !visible && section.contains(document.activeElement);
  section.hidden = !visible;
  if (focusWasInside) queueMicrotask(() => next.focus());
}
