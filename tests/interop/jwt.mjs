// Signs and verifies access tokens with two well-known libraries. Reads a list of jobs as JSON from stdin, writes the list of results.
//   {do: "sign", library, alg, kid, key, claims}  → {token}
//   {do: "verify", library, alg, key, token, now, issuer, audience}  → {claims, header} or {error}
// A key is a JWK (RFC 7517); now is in seconds.
import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';

const secret = (key) => createSecretKey(Buffer.from(key.k, 'base64url'));
const privateKey = (key) => (key.kty === 'oct' ? secret(key) : createPrivateKey({ key, format: 'jwk' }));
const publicKey = (key) => (key.kty === 'oct' ? secret(key) : createPublicKey({ key, format: 'jwk' }));

const libraries = {
  jose: {
    sign: ({ alg, kid, key, claims }) => new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'at+jwt' }).sign(privateKey(key)),
    verify: async ({ alg, key, token, now, issuer, audience }) => {
      const { payload, protectedHeader } = await jwtVerify(token, publicKey(key), {
        algorithms: [alg], typ: 'at+jwt', issuer, audience, currentDate: new Date(now * 1000),
      });
      return { claims: payload, header: protectedHeader };
    },
  },
  jsonwebtoken: {
    sign: ({ alg, kid, key, claims }) =>
      jsonwebtoken.sign(claims, privateKey(key), { algorithm: alg, keyid: kid, header: { typ: 'at+jwt' } }),
    verify: ({ alg, key, token, now, issuer, audience }) => {
      const { payload, header } = jsonwebtoken.verify(token, publicKey(key), {
        algorithms: [alg], issuer, audience, clockTimestamp: now, complete: true,
      });
      return { claims: payload, header };
    },
  },
};

async function run(job) {
  try {
    const result = await libraries[job.library][job.do](job);
    return job.do === 'sign' ? { token: result } : result;
  } catch (error) {
    return { error: String(error.message) };
  }
}

const jobs = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(jobs.map(run))));
