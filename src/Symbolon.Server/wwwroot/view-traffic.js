import { byId } from './dom.js';
import { onExchange } from './traffic.js';
import { showTimeOfDay } from './words.js';

const LINES = 12;

/** The tab's latest requests, so that one can see how few a session takes. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function trafficView(auth, follow) {
  const list = byId('traffic-list');

  onExchange(({ method, path, status, code }) => {
    byId('traffic-empty').hidden = true;
    const line = document.createElement('li');
    line.append(
      cell('time', showTimeOfDay(Date.now())),
      cell('what', `${method} ${shorten(path)}`),
      cell(status >= 200 && status < 300 ? 'good' : 'bad', `${status || 'no answer'}${code ? ` ${code}` : ''}`),
    );
    list.prepend(line);
    while (list.children.length > LINES) list.lastElementChild.remove();
  });

  follow(({ status }) => { byId('traffic').hidden = status === 'loading'; });
}

/** A session's id by its end, which is what tells two of them apart. @param {string} path */
const shorten = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{19}([0-9a-f]{8})\b/g, '…$1');

function cell(name, text) {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
}
