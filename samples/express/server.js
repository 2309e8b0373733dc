import { createVerifier } from '@symbolon/verify';
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER: issuer = 'http://localhost:5080', CLIENT_SECRET: clientSecret, PORT: port = '5091' } = process.env;
const audience = 'api';
const verifier = createVerifier({ issuer, audience, clientId: 'orders-api', clientSecret });

const app = express();
app.get('/', (request, response) => response.send('Anybody may read this.\n'));
app.get('/orders', verifier.middleware(), (request, response) => response.json({ user: request.auth.sub, order: 'bread and salt' }));
app.get('/payments', verifier.middleware({ mode: 'live' }), (request, response) => response.json({ user: request.auth.sub }));
app.get('/reports', verifier.middleware({ mode: 'offline' }), (request, response) => response.send('Until it expires, a token is enough.\n'));
app.get('/admin', verifier.middleware({ roles: 'admin' }), (request, response) => response.send('For administrators.\n'));
app.get('/exports', verifier.middleware({ scope: 'orders.export' }), (request, response) => response.send('For the scope orders.export.\n'));

// In comparison, jose alone: as safe against forged tokens, but it does not learn of log-outs.
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
app.get('/plain', async (request, response) => {
  const [, token = ''] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const result = await jwtVerify(token, keys, { issuer, audience, algorithms: ['ES256'], typ: 'at+jwt' }).catch(() => null);
  return result ? response.json({ user: result.payload.sub }) : response.sendStatus(401);
});

app.get('/health', (request, response) => {
  const health = verifier.health();
  response.status(health.status === 'unhealthy' ? 503 : 200).json(health);
});

await verifier.ready();
const server = app.listen(Number(port), '127.0.0.1', () => console.log(`Listening on http://localhost:${port}`));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => server.close(() => verifier.close())); // what is still answered must be checked
}
