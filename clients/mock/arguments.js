/**
 * The command line of `symbolon mock` for these options.
 * @param {import('./mock.js').MockOptions} options
 * @param {{ put: (name: string, value: string | object) => string }} files
 * @returns {string[]}
 */
export function argumentsFor({ profile, bugCompatible = false, users, routes, data, ttl, refreshTtl, latency, faults = [], seed, port = 0, cors = [] }, files) {
  /** @type {[string, string | number | undefined][]} */
  const given = [
    ['--profile', profile],
    ['--users', users && files.put('accounts.json', users)],
    ['--routes', routes && files.put('routes.json', routes)],
    ['--data', data && files.put('db.json', data)],
    ['--ttl', ttl],
    ['--refresh-ttl', refreshTtl],
    ['--latency', latency],
    ...faults.map((fault) => /** @type {[string, string]} */ (['--fault', Object.entries(fault).filter(([, value]) => value !== undefined).map((member) => member.join('=')).join(' ')])),
    ['--seed', seed],
    ...cors.map((origin) => /** @type {[string, string]} */ (['--cors', origin])),
    ['--urls', `http://localhost:${port}`],
  ];
  return ['mock', '--stop-with-stdin', ...(bugCompatible ? ['--bug-compatible'] : []), ...given.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))];
}
