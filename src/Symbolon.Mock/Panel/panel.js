import { Refused, call } from './api.js';
import { clockCard } from './clock.js';
import { byId, setText } from './dom.js';
import { faultsCard } from './faults.js';
import { logCard } from './log.js';
import { routesCard } from './routes.js';
import { sessionsCard } from './sessions.js';
import { usersCard } from './users.js';
import { switchLanguage, translate, words } from './words.js';

const EACH_MS = 1_000;

/** Makes a control call, says what came of it, and shows the state after it. @typedef {(said: string | ((answer: any) => string), method: string, path: string, body?: object) => Promise<boolean>} Act */

/** @type {Act} */
async function act(said, method, path, body) {
  setText(byId('problem'), '');
  try {
    const answer = await call(method, path, body);
    await refresh();
    setText(byId('notice'), typeof said === 'function' ? said(answer) : said);
    return true;
  } catch (error) {
    setText(byId('notice'), '');
    setText(byId('problem'), error instanceof Refused ? error.message : words().away);
    return false;
  }
}

const cards = [clockCard, sessionsCard, usersCard, faultsCard, logCard, routesCard].map((card) => card(act));
let state = null;
let timer = 0;
let looking = Promise.resolve();

/** One look after the other: two at once would read the same lines of the log. */
function refresh() {
  looking = looking.then(look);
  return looking;
}

async function look() {
  try {
    state = await call('GET', 'state');
    await render();
    connected(true);
  } catch {
    connected(false);
  }
}

async function render() {
  setText(byId('about'), words().about(state.profile, state.seed));
  for (const card of cards) await card(state);
}

function connected(yes) {
  byId('connection').dataset.state = yes ? 'live' : 'away';
  setText(byId('connection'), yes ? words().live : words().away);
}

/** Looks each second, but not while nobody looks at the page. */
async function follow() {
  clearTimeout(timer);
  if (document.visibilityState === 'hidden') return;
  await refresh();
  clearTimeout(timer);
  timer = setTimeout(follow, EACH_MS);
}

byId('reset').addEventListener('click', () => act(words().resetDone, 'POST', 'reset', {}));
byId('language').addEventListener('click', async () => {
  switchLanguage();
  translate();
  for (const card of cards) card.forget?.();
  for (const id of ['notice', 'problem']) setText(byId(id), '');
  await refresh();
});
document.addEventListener('visibilitychange', follow);

translate();
follow();
