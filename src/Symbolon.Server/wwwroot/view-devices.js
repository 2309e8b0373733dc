import { byId, notify, toggle } from './dom.js';
import './symbolon/devices.js';

/** The user's sessions, each with a way to end it: the client's own element. @param {import('./symbolon/client.js').Auth} auth @param {import('./view.js').Follow} follow */
export function devicesView(auth, follow) {
  const devices = byId('devices');
  devices.auth = auth;
  devices.addEventListener('symbolon-others-ended', ({ detail: { count } }) => {
    notify(count === 1 ? 'One other device is signed out.' : `${count} other devices are signed out.`);
  });
  follow(({ status }) => toggle(devices, status === 'active', byId('entry-title')));
}
