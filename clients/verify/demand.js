/** How sure a route wants to be that a token still counts, and what all of them together want. */

/**
 * @typedef {'revocable' | 'live' | 'offline'} Mode
 * @typedef {'deny' | 'ask' | 'allow'} WhenStale
 * @typedef {{ mode: Mode, maxStaleness: number, whenStale: WhenStale }} Demand  maxStaleness in seconds
 * @typedef {Partial<Demand>} DemandOptions
 */

/** @type {WhenStale[]} strictest first */
const STRICTNESS = ['deny', 'ask', 'allow'];
const MODES = ['revocable', 'live', 'offline'];

/** A number in its range, and not a text that looks like one. @param {unknown} value @param {number} least @param {number} most */
export const isWithin = (value, least, most) => typeof value === 'number' && value >= least && value <= most;

/** What is wrong with a demand, each with what to write. @param {DemandOptions} demand */
export function complaints({ mode, maxStaleness, whenStale }) {
  return [
    ...(mode !== undefined && !MODES.includes(mode) ? ["mode must be 'revocable', 'live' or 'offline'."] : []),
    ...(maxStaleness !== undefined && !isWithin(maxStaleness, 0, 86_400) ? ['maxStaleness must be a number of seconds from 0 to 86400; 5 is the default.'] : []),
    ...(whenStale !== undefined && !STRICTNESS.includes(whenStale) ? ["whenStale must be 'deny', 'ask' or 'allow'."] : []),
  ];
}

/** What has a name that nobody reads: a misspelt check is a check that nobody makes. @param {object} options @param {string[]} names @returns {string[]} */
export const strangers = (options, names) => Object.keys(options).filter((name) => !names.includes(name)).map((name) => `'${name}' is not an option; there are ${names.join(', ')}.`);

/** Folds the demands of all routes: the authority is told the loosest, since receipts say when even that refuses; the shortest bound says how often it must be told. */
export class Demands {
  #loosest;
  #shortest = Infinity;
  #fallback;
  /** Called when a demand has made the loosest looser, so that the authority learns it before the next second. */
  onLooser = () => {};

  /** @param {Demand} fallback  of routes that do not say */
  constructor(fallback) {
    this.#fallback = this.#loosest = fallback;
    this.#note(fallback);
  }

  /** A route's demand: its own over the verifier's. @param {DemandOptions} [own] @returns {Demand} */
  of(own) {
    if (own === undefined) return this.#fallback;
    const { mode = this.#fallback.mode, maxStaleness = this.#fallback.maxStaleness, whenStale = this.#fallback.whenStale } = own;
    const wrong = [...strangers(own, ['mode', 'maxStaleness', 'whenStale']), ...complaints({ mode, maxStaleness, whenStale })];
    if (wrong.length > 0) throw new TypeError(wrong.join(' '));
    const demand = { mode, maxStaleness, whenStale };
    this.#note(demand);
    return demand;
  }

  get loosest() {
    return this.#loosest;
  }

  /** In milliseconds. A bound of zero, which nothing can meet, is left out. */
  get shortest() {
    return (this.#shortest === Infinity ? this.#fallback.maxStaleness : this.#shortest) * 1000;
  }

  /** Routes of mode live are stricter than any, and those of mode offline have chosen not to obey. @param {Demand} demand */
  #note({ mode, maxStaleness, whenStale }) {
    if (mode !== 'revocable') return;
    if (maxStaleness > 0) this.#shortest = Math.min(this.#shortest, maxStaleness);
    const before = this.#loosest;
    if (maxStaleness <= before.maxStaleness && STRICTNESS.indexOf(whenStale) <= STRICTNESS.indexOf(before.whenStale)) return;
    const looser = STRICTNESS[Math.max(STRICTNESS.indexOf(whenStale), STRICTNESS.indexOf(before.whenStale))];
    this.#loosest = { ...before, maxStaleness: Math.max(maxStaleness, before.maxStaleness), whenStale: looser };
    this.onLooser();
  }
}
