/** For each test an issuer whose every answer is written there, and a verifier that follows it. */

import { afterEach, beforeEach } from 'node:test';
import { createVerifier } from '../verify.js';
import { CLIENT, Issuer } from './issuer.js';
import { patiently } from './patiently.js';

export function feedScene() {
  const scene = {
    issuer: /** @type {Issuer} */ (/** @type {unknown} */ (null)),
    verifier: /** @type {import('../verify.js').Verifier} */ (/** @type {unknown} */ (null)),
    /** What the verifier has logged. @type {string[]} */
    said: [],
    /** By how much its wall clock is ahead, in milliseconds. */
    ahead: 0,

    /** @param {Partial<import('../verify.js').VerifierOptions>} [more] */
    make(more) {
      const say = (/** @type {string} */ message) => void scene.said.push(message);
      return createVerifier({ issuer: scene.issuer.url, audience: 'api', ...CLIENT, whenStale: 'deny', log: { info: say, warn: say, error: say }, now: () => Date.now() + scene.ahead, ...more });
    },

    /** Its code; 'ok' when it passes. @param {string} token @param {import('../verify.js').DemandOptions} [demand] @returns {Promise<string>} */
    outcome: (token, demand) => scene.verifier.verify(token, demand).then(() => 'ok', (error) => error.code),

    /** @param {string} token @param {string} expected */
    becomes: (token, expected) => patiently(async () => (await scene.outcome(token)) === expected, expected),

    followed: () => patiently(() => scene.issuer.readers === 1 && scene.verifier.health().status === 'healthy', 'followed'),
  };

  beforeEach(async () => {
    [scene.issuer, scene.said, scene.ahead] = [await Issuer.start(), [], 0];
    scene.verifier = scene.make();
  });

  afterEach(async () => {
    scene.issuer.cut();
    await scene.verifier.close();
    scene.issuer.stop();
  });

  return scene;
}
