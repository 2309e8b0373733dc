/** What a verifier and its routes are told: a mistake must not let anybody in, and is said where it is made. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVerifier } from '../verify.js';

const GOOD = { issuer: 'http://127.0.0.1:9', audience: 'api', mode: /** @type {const} */ ('offline'), log: /** @type {const} */ (false) };

/** @type {[string, object, RegExp][]} */
const OPTIONS = [
  ['a text that says false', { allowHttp: 'false' }, /allowHttp must be a boolean/],
  ['a text that says no', { deriveKeyAlgorithms: 'no' }, /deriveKeyAlgorithms must be a boolean/],
  ['a bound as a text', { maxStaleness: '5' }, /maxStaleness must be a number/],
  ['a skew as a text', { clockSkew: '30' }, /clockSkew must be a number/],
  ['an age as a text', { maxTokenAge: '3600' }, /maxTokenAge must be a number/],
  ['no age at all', { maxTokenAge: 0 }, /maxTokenAge must be a number/],
  ['a clock that is none', { now: 1_800_000_000_000 }, /now must be a function/],
  ['a fetch that is none', { fetch: 'node-fetch' }, /fetch must be a function/],
  ['a log that lacks a level', { log: { info() {}, warn() {} } }, /log must have the functions info, warn, error/],
  ['a log that is a function', { log() {} }, /log must have the functions/],
  ['keys as an object', { initialJwks: { keys: [] } }, /initialJwks must be a string/],
  ['an address with a query', { authority: 'https://auth.example/?tenant=1' }, /no query and no fragment/],
  ['an address with a fragment', { issuer: 'https://auth.example/#x' }, /no query and no fragment/],
  ['a misspelt name', { audiences: ['api'] }, /'audiences' is not an option/],
];
for (const [name, more, says] of OPTIONS) {
  test(`createVerifier_Throws_When it gets ${name}`, () => {
    assert.throws(() => void createVerifier(/** @type {any} */ ({ ...GOOD, ...more })).close(), (error) => error instanceof TypeError && says.test(error.message));
  });
}

/** @type {[string, object, RegExp][]} */
const ROUTES = [
  ['a misspelt role', { role: 'admin' }, /'role' is not an option/],
  ['misspelt scopes', { scopes: ['payments'] }, /'scopes' is not an option/],
  ['a misspelt mode', { Mode: 'live' }, /'Mode' is not an option/],
  ['a role that is undefined', { roles: undefined }, /roles must be a role/],
  ['a list of roles with one that is undefined', { roles: ['admin', undefined] }, /roles must be a role/],
  ['an empty role', { roles: '' }, /roles must be a role/],
  ['no role of a list', { roles: [] }, /roles must be a role/],
  ['a scope that is undefined', { scope: undefined }, /scope must be one scope/],
  ['several scopes', { scope: ['a', 'b'] }, /scope must be one scope/],
  ['several scopes in a text', { scope: 'a b' }, /scope must be one scope/],
  ['a scope that would break out of the challenge', { scope: 'a", x="' }, /scope must be one scope/],
  ['a bound as a text', { maxStaleness: '5' }, /maxStaleness must be a number/],
];
for (const [name, route, says] of ROUTES) {
  test(`middleware_Throws_When it gets ${name}`, async () => {
    const verifier = createVerifier(GOOD);
    try {
      assert.throws(() => verifier.middleware(/** @type {any} */ (route)), (error) => error instanceof TypeError && says.test(error.message));
    } finally {
      await verifier.close();
    }
  });
}

test('verify_Throws_WhenTheDemandNamesWhatItDoesNotCheck', async () => {
  const verifier = createVerifier(GOOD);
  try {
    for (const demand of [{ roles: 'admin' }, { Mode: 'live' }]) await assert.rejects(verifier.verify('x', /** @type {any} */ (demand)), /is not an option; there are mode, maxStaleness, whenStale/);
  } finally {
    await verifier.close();
  }
});
