import { call } from './api.js';
import { byId, make, setText, show } from './dom.js';
import { showTime, words } from './words.js';

const LINES = 100;

/** What was asked: how often, and the last lines. @param {import('./panel.js').Act} act */
export function logCard(act) {
  let newest = 0;
  byId('clear-log').addEventListener('click', () => act(words().logCleared, 'DELETE', 'log'));

  return async ({ counts }) => {
    // All that is shown, each time: a line that was under way has an outcome by now, and the log may have been cleared.
    const { items, next } = await call('GET', `log?since=${Math.max(0, newest - LINES)}`);
    newest = next;
    byId('log-empty').hidden = items.length > 0;
    show(byId('counts'), Object.entries(counts).sort(), ([what]) => what, count);
    show(byId('log'), items.slice(-LINES).reverse(), ({ n }) => String(n), line);
  };
}

function count([what]) {
  const number = make('strong');
  return { element: make('li', {}, make('code', {}, what), ' ', number), update: ([, times]) => setText(number, String(times)) };
}

function line() {
  const [time, what, answer, took] = [make('time', { class: 'soft' }), make('span', { class: 'what' }), make('span'), make('span', { class: 'soft' })];
  return {
    element: make('li', {}, time, what, answer, took),
    update: ({ at, method, path, status, code, username, fault, duration_ms }) => {
      time.dateTime = at;
      setText(time, showTime(at));
      setText(what, `${method} ${path}${username ? ` (${username})` : ''}`);
      setText(answer, [status ?? '…', code, fault && `⚡ ${fault}`].filter(Boolean).join(' '));
      answer.className = fault || status >= 400 ? 'bad' : 'good';
      setText(took, duration_ms === null || duration_ms === undefined ? '' : `${Math.round(duration_ms)} ms`);
    },
  };
}
