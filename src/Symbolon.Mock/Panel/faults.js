import { byId, forget, make, show } from './dom.js';
import { words } from './words.js';

const KINDS = ['lost-response', 'status', 'delay', 'reset', 'empty', 'truncate', 'html-200', 'drop-set-cookie', 'wrong-cors'];
const PRESETS = {
  loseRefresh: { kind: 'lost-response', path: '/auth/refresh', times: 1 },
  refreshDown: { kind: 'status', path: '/auth/refresh', status: 503, times: 3 },
  portal: { kind: 'html-200' },
  slow: { kind: 'delay', delay: '300ms' },
};
const NUMBERS = ['status', 'times', 'skip', 'probability'];

/** What goes wrong at the moment, and what else could. @param {import('./panel.js').Act} act */
export function faultsCard(act) {
  const list = byId('fault-list');
  const presets = byId('fault-presets');
  byId('fault-kind').append(...KINDS.map((kind) => make('option', { value: kind }, kind)));

  const add = (fault) => act((added) => words().faultAdded(inWords(added)), 'POST', 'faults', fault);
  for (const [name, fault] of Object.entries(PRESETS)) {
    const button = make('button', { type: 'button', class: 'small', 'data-text': name, 'data-preset': name });
    button.addEventListener('click', () => add(fault));
    presets.append(button);
  }
  byId('clear-faults').addEventListener('click', () => act(words().faultsCleared, 'DELETE', 'faults'));
  byId('add-fault').addEventListener('submit', async (event) => {
    event.preventDefault();
    const given = [...new FormData(event.target)].filter(([, value]) => value.trim() !== '');
    if (await add(Object.fromEntries(given.map(([name, value]) => [name, NUMBERS.includes(name) ? Number(value) : value.trim()])))) event.target.reset();
  });

  const row = (fault) => {
    const what = inWords(fault);
    const remove = make('button', { type: 'button', class: 'small', 'aria-label': `${words().remove}: ${what}`, 'data-part': 'remove' }, words().remove);
    remove.addEventListener('click', () => act(words().faultRemoved(what), 'DELETE', `faults/${encodeURIComponent(fault.id)}`));
    return { element: make('li', { 'data-fault': fault.id }, make('code', { class: 'what' }, what), remove) };
  };

  const render = ({ faults }) => {
    byId('faults-empty').hidden = faults.length > 0;
    show(list, faults, ({ id }) => id, row);
  };
  render.forget = () => forget(list);
  return render;
}

/** @returns {string} such as "lost-response POST /auth/refresh, 1 ×" */
function inWords({ kind, method, path, status, delay, times, probability }) {
  const what = [kind, kind === 'status' && status, method, path ?? words().everything].filter(Boolean).join(' ');
  const how = [delay && delay !== '0ms' && delay, times && words().times(times), probability < 1 && `p = ${probability}`].filter(Boolean);
  return [what, ...how].join(', ');
}
