// Three resource servers as their packages' documentation writes them, each behind Express: what do they make of our tokens?
// Reads {issuer, jwks, audience, tokens: {name: token}} as JSON from stdin; prints {library: {name: status}}.
import { readFileSync } from 'node:fs';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import jwksRsa from 'jwks-rsa';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

const { issuer, jwks, audience, tokens } = JSON.parse(readFileSync(0, 'utf8'));
const algorithms = ['ES256'];

function withJose() {
  const keys = createRemoteJWKSet(new URL(jwks));
  return async (request, response, next) => {
    const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    try {
      request.user = (await jwtVerify(token ?? '', keys, { issuer, audience, algorithms, typ: 'at+jwt' })).payload;
      next();
    } catch {
      response.sendStatus(401);
    }
  };
}

function withExpressOAuth2(strict) {
  return auth({ issuer, jwksUri: jwks, audience, tokenSigningAlg: 'ES256', strict });
}

function withPassport() {
  const strategy = new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: jwksRsa.passportJwtSecret({ jwksUri: jwks, cache: true, rateLimit: true }),
      issuer,
      audience,
      algorithms,
    },
    (claims, done) => done(null, claims),
  );
  return passport.authenticate(strategy, { session: false });
}

async function ask(check) {
  const app = express();
  app.get('/', check, (request, response) => response.json({ ok: true }));
  app.use((error, request, response, next) => response.sendStatus(error.status ?? 500)); // eslint-disable-line no-unused-vars
  const server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const statuses = {};
  for (const [name, token] of Object.entries(tokens)) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    statuses[name] = (await fetch(`http://127.0.0.1:${server.address().port}/`, { headers })).status;
  }

  server.close();
  return statuses;
}

console.log(JSON.stringify({
  jose: await ask(withJose()),
  'express-oauth2-jwt-bearer': await ask(withExpressOAuth2(false)),
  'express-oauth2-jwt-bearer strict': await ask(withExpressOAuth2(true)),
  'passport-jwt': await ask(withPassport()),
}));
process.exit(0);
