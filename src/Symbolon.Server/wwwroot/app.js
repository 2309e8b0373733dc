import { byId, notify, setText } from './dom.js';
import { createAuth } from './symbolon/client.js';
import { observedFetch } from './traffic.js';
import { accountView } from './view-account.js';
import { callView } from './view-call.js';
import { devicesView } from './view-devices.js';
import { entryView } from './view-entry.js';
import { sessionView } from './view-session.js';
import { trafficView } from './view-traffic.js';
import { reasonInWords } from './words.js';

const STATUS = { loading: 'Looking for a session', anonymous: 'Signed out', active: 'Signed in' };

// The whole of what a page has to do for its tokens: this line.
const auth = createAuth({ url: 'auth', fetch: observedFetch });

/** Draws now, and whenever something changes that a view shows. @type {import('./view.js').Follow} */
const follow = (draw) => {
  const now = () => {
    const { status, session, expiresAt, reason } = auth.state;
    // Signed in without a valid token, or out of reach of the server: still signed in.
    draw({ status: status === 'stale' || status === 'offline' ? 'active' : status, session, expiresAt, reason });
  };
  auth.subscribe(now);
  now();
};

let shown = null;
follow(({ status, reason }) => {
  byId('about').hidden = status !== 'anonymous';
  if (shown === status) return;
  shown = status;
  byId('status').dataset.status = status;
  setText(byId('status'), STATUS[status]);
  notify(reason ? reasonInWords(reason) : '');
});

for (const view of [entryView, sessionView, callView, devicesView, accountView, trafficView]) view(auth, follow);
