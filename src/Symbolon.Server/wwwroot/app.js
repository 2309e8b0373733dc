import { byId, notify, setText } from './dom.js';
import { keepFresh } from './renewal.js';
import { Session } from './session.js';
import { accountView } from './view-account.js';
import { callView } from './view-call.js';
import { devicesView } from './view-devices.js';
import { entryView } from './view-entry.js';
import { sessionView } from './view-session.js';
import { trafficView } from './view-traffic.js';
import { reasonInWords } from './words.js';

const STATUS = { loading: 'Looking for a session', anonymous: 'Signed out', active: 'Signed in' };

const session = new Session();
let shown = null;

session.addEventListener('change', () => {
  byId('about').hidden = session.status !== 'anonymous';
  if (shown === session.status) return;
  shown = session.status;
  byId('status').dataset.status = session.status;
  setText(byId('status'), STATUS[session.status]);
  notify(session.reason ? reasonInWords(session.reason) : '');
});

for (const view of [entryView, sessionView, callView, devicesView, accountView, trafficView]) view(session);

await session.start();
keepFresh(session);
