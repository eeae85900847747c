/** A service that says hello to whoever connects, or sends it a datagram, and a client that wants to hear it. */
import type { Machine } from '../../../src/host/machine.ts';
import type { Netns } from '../../../src/model/netns.ts';

const HELLO = 'hello';

const programs = {
  tcp: (port: number) =>
    `require('net').createServer((s) => s.on('error', () => {}).end('${HELLO}')).listen(${port}, () => console.log('ready'))`,
  udp: (port: number) =>
    `const s = require('dgram').createSocket('udp4');
     s.on('message', (_, { address, port }) => s.send('${HELLO}', port, address)).bind(${port}, () => console.log('ready'))`,
};

const clients = {
  tcp: (host: string, port: string) =>
    `require('net').connect(${port}, '${host}').on('data', (d) => (process.stdout.write(d), process.exit(0))).on('error', () => process.exit(1))`,
  udp: (host: string, port: string) =>
    `const s = require('dgram').createSocket('udp4').on('message', (d) => (process.stdout.write(d), process.exit(0))).on('error', () => process.exit(1));
     s.send('who is there?', ${port}, '${host}')`,
};

/** Seconds an answer is waited for. */
const WAIT = 3;

const within = (netns: Netns | undefined) => (netns ? { in: netns } : {});

/** Starts the service in a namespace; resolves, when it listens, to what ends it. */
export async function serve(
  machine: Machine,
  netns: Netns | undefined,
  { proto, port }: { proto: 'tcp' | 'udp'; port: number },
): Promise<() => Promise<void>> {
  let ready = (): void => {};
  const listening = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const argv = [process.execPath, '-e', programs[proto](port)] as const;
  const server = machine.start({ argv, ...within(netns) }, (line) => {
    if (line === 'ready') ready();
  });
  await listening;
  return () => server.stop();
}

/** Does somebody at `to` (`HOST:PORT`) say hello to a client in this namespace? */
export async function greets(
  machine: Machine,
  netns: Netns | undefined,
  { proto, to }: { proto: 'tcp' | 'udp'; to: string },
): Promise<boolean> {
  const [host = '', port = ''] = to.split(':');
  const program = `setTimeout(() => process.exit(1), ${WAIT * 1000}); ${clients[proto](host, port)}`;
  const argv = [process.execPath, '-e', program] as const;
  const answer = await machine.run({ argv, ...within(netns) }, { timeout: (WAIT + 5) * 1000 });
  return answer.known && answer.value.stdout === HELLO;
}
