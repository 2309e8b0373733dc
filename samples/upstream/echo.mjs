// A service that shows what reaches it. It checks nothing: the proxy in front does, and nobody else may reach it.
import { createServer } from 'node:http';

const port = Number(process.argv[2] ?? 5070);

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  response.setHeader('content-type', 'application/json');
  response.end(`${JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }, null, 2)}\n`);
}).listen(port, '127.0.0.1', () => console.log(`service on http://127.0.0.1:${port}`));
