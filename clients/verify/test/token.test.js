/** What a token must be: each check has its code, and the earlier one is the answer. Tokens are signed with jose. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, generateSecret } from 'jose';
import { createVerifier } from '../verify.js';
import { Issuer } from '../testing/issuer.js';

/** @type {Issuer} */
let issuer;
/** @type {import('../verify.js').Verifier} */
let verifier;
const now = Math.floor(Date.now() / 1000);

before(async () => {
  issuer = await Issuer.start();
  issuer.now = () => now;
  for (const alg of ['ES384', 'RS256', 'PS256']) await issuer.addKey(alg, alg);
  verifier = make();
  await verifier.ready();
});

/** @type {import('../verify.js').Verifier[]} */
const made = [];

after(async () => {
  await Promise.all(made.map((one) => one.close()));
  issuer.stop();
});

/** @param {Partial<import('../verify.js').VerifierOptions>} [more] */
function make(more) {
  const one = createVerifier({ issuer: issuer.url, audience: ['api', 'orders'], mode: 'offline', log: false, now: () => now * 1000, ...more });
  made.push(one);
  return one;
}

/** @param {string} token @param {import('../verify.js').Verifier} [by] */
const outcome = (token, by = verifier) => by.verify(token).then(() => 'ok', (error) => error.code);

const encode = (/** @type {unknown} */ value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** @param {string} name @param {string} expected @param {() => string | Promise<string>} token */
const refuses = (name, expected, token) => test(`verify_Answers ${expected}_When ${name}`, async () => assert.equal(await outcome(await token()), expected));

for (const alg of ['ES384', 'RS256', 'PS256']) refuses(`signed with ${alg}`, 'ok', () => issuer.token({}, { alg, kid: alg }));
refuses('of two audiences one is ours', 'ok', () => issuer.token({ aud: ['other', 'orders'] }));
refuses('typ is a whole media type in capitals', 'ok', () => issuer.token({}, { typ: 'Application/AT+JWT' }));
refuses('a header names other keys', 'ok', () => issuer.token({}, { jku: 'https://evil.example/keys', jwk: { kty: 'EC' } }));
refuses('the application has claims of its own', 'ok', () => issuer.token({ tenant: { id: 7 } }));
refuses('exp has a fraction', 'ok', () => issuer.token({ exp: now + 60.5 }));
refuses('it expired within the skew', 'ok', () => issuer.token({ exp: now - 29, iat: now - 60 }));

refuses('it is empty', 'token_malformed', () => '');
refuses('it has four parts', 'token_malformed', async () => `${await issuer.token()}.x`);
refuses('it is padded', 'token_malformed', async () => `${await issuer.token()}=`);
refuses('a stray bit is set', 'token_malformed', () => `${encode({ typ: 'at+jwt' })}.eyJ.QR`);
refuses('it is over 8 KiB', 'token_malformed', () => issuer.token({ filler: 'x'.repeat(9000) }));
refuses('its header is over 1 KiB', 'token_malformed', () => issuer.token({}, { filler: 'x'.repeat(1024) }));
refuses('its header names alg twice', 'token_malformed', () => `${encode('{"typ":"at+jwt","alg":"ES256","alg":"ES256","kid":"k1"}')}.e30.AAAA`);
refuses('its header is deep', 'token_malformed', () => `${encode('{"typ":"at+jwt","x":[[[[1]]]]}')}.e30.AAAA`);
refuses('its header is not UTF-8', 'token_malformed', () => `${Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url')}.e30.AAAA`);
refuses('its header has b64', 'token_malformed', () => `${encode({ typ: 'at+jwt', alg: 'ES256', kid: 'k1', b64: true })}.e30.AAAA`);
refuses('it is an ID token', 'token_type', () => issuer.token({}, { typ: 'JWT' }));
refuses('typ is wrong and crit is there', 'token_type', () => `${encode({ typ: 'JWT', alg: 'none', crit: ['x'] })}.e30.AAAA`);
refuses('alg is none', 'token_algorithm', () => `${encode({ typ: 'at+jwt', alg: 'none', kid: 'k1' })}.e30.AAAA`);
refuses('alg is HS256', 'token_algorithm', async () => issuer.token({}, { alg: 'HS256' }, await generateSecret('HS256')));
refuses('the kid is unknown', 'token_key', async () => issuer.token({}, { kid: 'unknown' }, issuer.keys.get('k1')?.key));
refuses('the key is for another alg', 'token_key', async () => issuer.token({}, { kid: 'RS256' }, issuer.keys.get('k1')?.key));
refuses('there is no kid', 'token_key', () => `${encode({ typ: 'at+jwt', alg: 'ES256' })}.e30.AAAA`);
refuses('another key signed', 'token_signature', async () => issuer.token({}, {}, (await generateKeyPair('ES256')).privateKey));
refuses('the payload was changed', 'token_signature', async () => (await issuer.token()).split('.').with(1, encode({ sub: 'root' })).join('.'));
for (const claim of ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id']) refuses(`${claim} is missing`, 'token_claims', () => issuer.token({ [claim]: undefined }));
for (const [claim, value] of Object.entries({ sub: '', jti: 7, aud: [], exp: '1', iat: -1e15, roles: 'admin', er: -1, ep: 1.5, cv: 2 ** 31, sid: null, cnf: { jkt: 'short' }, scope: [], amr: [1] }))
  refuses(`${claim} is ${JSON.stringify(value)}`, 'token_claims', () => issuer.token({ [claim]: value }));
refuses('exp is not after iat', 'token_claims', () => issuer.token({ exp: now, iat: now }));
refuses('it is from another issuer', 'token_issuer', () => issuer.token({ iss: `${issuer.url}/` }));
refuses('issuer and audience are wrong', 'token_issuer', () => issuer.token({ iss: 'https://other.example', aud: 'other' }));
refuses('it is for another audience', 'token_audience', () => issuer.token({ aud: 'Api' }));
refuses('it is for another audience and expired', 'token_audience', () => issuer.token({ aud: 'other', exp: now - 100, iat: now - 200 }));
refuses('nbf is in the future', 'token_early', () => issuer.token({ nbf: now + 31 }));
refuses('iat is in the future', 'token_early', () => issuer.token({ iat: now + 31 }));
refuses('it expired', 'token_expired', () => issuer.token({ exp: now - 30, iat: now - 60 }));
refuses('it expired and lived too long', 'token_expired', () => issuer.token({ exp: now - 30, iat: now - 7200 }));
refuses('it lives too long', 'token_too_old', () => issuer.token({ exp: now + 3601 }));
refuses('it is bound to a key', 'proof_required', () => issuer.token({ cnf: { jkt: Buffer.alloc(32).toString('base64url') } }));

test('verify_ChecksTimeEachTime_WhenTheTokenIsRemembered', async () => {
  let clock = now;
  const own = make({ now: () => clock * 1000 });
  await own.ready();
  const token = await issuer.token();
  assert.equal(await outcome(token, own), 'ok');
  clock = now + 630;
  assert.equal(await outcome(token, own), 'token_expired');
});

test('verify_LooksForAMissingKeyOnce_WhenManyTokensNameIt', async () => {
  const own = make();
  await own.ready();
  await issuer.addKey('fresh', 'ES256');
  const before = issuer.asked['/jwks'];
  const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.token({}, { kid: 'fresh' })));
  assert.deepEqual(new Set(await Promise.all(tokens.map((token) => outcome(token, own)))), new Set(['ok']));
  const unknown = await issuer.token({}, { kid: 'unknown' }, issuer.keys.get('k1')?.key);
  assert.equal(await outcome(unknown, own), 'token_key'); // within ten seconds: not asked for again
  assert.equal(issuer.asked['/jwks'] - before, 1);
});

/** @type {[string, (keys: any[]) => unknown][]} */
const SETS = [
  ['it publishes a private key', (keys) => ({ keys: [{ ...keys[0], d: 'AA' }] })],
  ['two keys have one kid', (keys) => ({ keys: [keys[0], keys[0]] })],
  ['a point is not on the curve', (keys) => ({ keys: [{ ...keys[0], y: keys[0].x }] })],
  ['it has no usable key', () => ({ keys: [{ kty: 'OKP', kid: 'x' }] })],
  ['it is too large', (keys) => ({ keys, filler: 'x'.repeat(256 * 1024) })],
  ['it redirects', () => null],
];
for (const [name, answer] of SETS) {
  test(`keys_AreRefused_When ${name}`, async () => {
    issuer.instead['/jwks'] = (_, response) => {
      const body = answer([...issuer.keys.values()].map(({ jwk }) => jwk));
      if (body === null) response.writeHead(302, { location: `${issuer.url}/elsewhere` }).end();
      else response.end(JSON.stringify(body));
    };
    const own = make();
    await own.ready();
    assert.equal(own.health().status, 'unhealthy');
    assert.equal(await outcome(await issuer.token(), own), 'unavailable');
    assert.equal(issuer.asked['/elsewhere'], undefined);
    delete issuer.instead['/jwks'];
    });
}

test('verifier_StartsWithoutTheAuthority_WhenKeysAreGiven', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const initialJwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'island', alg: 'ES256' }] });
  const own = make({ issuer: 'http://127.0.0.1:9', initialJwks });
  await own.ready();
  assert.equal(await outcome(await issuer.token({ iss: 'http://127.0.0.1:9' }, { kid: 'island' }, privateKey), own), 'ok');
});

test('verify_HoldsNoToken_InItsErrors', async () => {
  const token = await issuer.token({ aud: 'other' });
  const error = await verifier.verify(token).catch((caught) => caught);
  assert.deepEqual([error.status, error.name, error.message], [401, 'VerifyError', 'token_audience']);
  assert.ok(!JSON.stringify([error, error.problem(), error.headers(), error.stack]).includes(token.slice(0, 20)));
  assert.equal(error.problem('abc').type, 'urn:symbolon:token_audience');
});
