// Stays connected to a SignalR hub until it is cut off. Reads {url, token, transport} as JSON from stdin; prints {said}, then {closed}, a line each.
import { readFileSync } from 'node:fs';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const { url, token, transport } = JSON.parse(readFileSync(0, 'utf8'));
const print = (line) => console.log(JSON.stringify(line));
const connection = new HubConnectionBuilder()
  .withUrl(url, { accessTokenFactory: () => token, transport: HttpTransportType[transport] })
  .configureLogging(LogLevel.None)
  .build();
connection.onclose((error) => {
  print({ closed: String(error?.message) });
  process.exit(0);
});
setTimeout(() => process.exit(3), 60_000);
await connection.start();
print({ said: await connection.invoke('Say', 'hello') });
