import { whileBusy } from './dom.js';

/** The field that a problem is about, by its code; a problem that is not listed is about the whole form. */
const FIELD_OF = {
  username_taken: ['username'],
  password_too_weak: ['new_password', 'password'],
};

/**
 * Sends a form through `work`. What the browser finds wrong, and what the server does, is said next to the field, tied to it for
 * screen readers, and the first wrong field gets the focus.
 * @param {HTMLFormElement} form
 * @param {(input: Record<string, any>) => Promise<void>} work  throws `AuthError`, or what `fetch` throws
 * @param {HTMLInputElement} [secret]  the field to blame when the password is wrong; where there is a user name too, nobody says which it was
 */
export function onSubmit(form, work, secret) {
  const hints = new Map([...form.querySelectorAll('.hint')].map((hint) => [hint, hint.textContent]));
  const problem = form.querySelector('.form-error');

  const clear = () => {
    problem.textContent = '';
    for (const [hint, text] of hints) hint.textContent = text;
    for (const field of form.elements) field.removeAttribute('aria-invalid');
  };
  const blame = (field, text) => {
    field.setAttribute('aria-invalid', 'true');
    document.getElementById(field.getAttribute('aria-describedby')).textContent = text;
  };
  const explain = (error) => {
    const field = (FIELD_OF[error.code] ?? []).map((name) => form.elements[name]).find(Boolean);
    if (secret && error.code === 'invalid_credentials') {
      blame(secret, 'This is not your password.');
      secret.focus();
    } else if (field) {
      blame(field, inWords(error));
      field.focus();
    } else {
      problem.textContent = inWords(error);
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clear();
    const wrong = [...form.elements].filter((field) => !field.checkValidity());
    for (const field of wrong) blame(field, field.validationMessage);
    if (wrong.length > 0) return wrong[0].focus();
    whileBusy(form.querySelector('button:not([type=button])'), async () => {
      await work(inputOf(form));
      form.reset();
    }).catch(explain);
  });
}

/** @returns {Record<string, any>} fields by name; checkboxes as booleans; what was left empty is left out */
function inputOf(form) {
  const named = [...form.elements].filter((field) => field.name && !field.hidden);
  return Object.fromEntries(named
    .map((field) => [field.name, field.type === 'checkbox' ? field.checked : field.value])
    .filter(([, value]) => value !== ''));
}

/** @param {any} error @returns {string} a problem document's title and detail, and when to try again; anything else is "no answer" */
export function inWords({ code, problem, retryAfterMs }) {
  if (!problem) return 'The server cannot be reached. Please try again.';
  const sentences = [problem.title, problem.detail].filter(Boolean).map((text) => text.replace(/[.\s]*$/, '.'));
  if (code === 'too_many_attempts' && retryAfterMs) sentences.push(`Try again in ${Math.ceil(retryAfterMs / 1000)} seconds.`);
  return sentences.join(' ');
}
