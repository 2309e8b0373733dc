import { byId, make, setText } from './dom.js';
import { showInstant, showLength, words } from './words.js';

const STEPS = ['1m', '10m', '1h', '1d'];

/** The mock's clock and the buttons that turn it. @param {import('./panel.js').Act} act */
export function clockCard(act) {
  const advance = (length) => act(words().advanced(length), 'POST', 'clock', { advance: length });
  for (const step of STEPS) {
    const button = make('button', { type: 'button', class: 'small', 'data-advance': step }, `+${step}`);
    button.addEventListener('click', () => advance(step));
    byId('advance-buttons').append(button);
  }
  byId('advance').addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await advance(byId('advance-by').value.trim())) event.target.reset();
  });

  return ({ now }) => {
    byId('now').dateTime = now;
    setText(byId('now'), showInstant(now));
    const offset = Date.parse(now) - Date.now();
    // A second's difference is the way here.
    setText(byId('offset'), Math.abs(offset) < 3_000 ? words().realTime : words()[offset > 0 ? 'ahead' : 'behind'](showLength(Math.abs(offset))));
  };
}
