import { byId, forget, make, show } from './dom.js';
import { words } from './words.js';

/** Who may call what. Routes stay as they are while the mock runs. */
export function routesCard() {
  const list = byId('route-list');
  const render = ({ routes }) => show(list, routes, (route) => JSON.stringify(route), (route) => ({
    element: make('li', {}, make('code', { class: 'what' }, [...(route.methods ?? []), route.path].join(' ')), make('span', { class: 'hint' }, whoMay(route))),
  }));
  render.forget = () => forget(list);
  return render;
}

function whoMay({ anonymous, roles, scope, mode }) {
  if (anonymous) return words().anonymous;
  const needed = [roles?.length > 0 && words().role(roles.join(' | ')), scope && words().scope(scope)].filter(Boolean);
  return [needed.join(', ') || words().anyToken, mode].filter(Boolean).join(', ');
}
