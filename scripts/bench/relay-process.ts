import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

// A process of its own, as a gateway would be: copies bytes to the port it is given, and back.
const port = Number(process.argv[2]);
const relay = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
  client.on('error', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
  client.pipe(upstream).pipe(client);
});
relay.listen(0, '127.0.0.1', () => process.stdout.write(`${(relay.address() as AddressInfo).port}\n`));
