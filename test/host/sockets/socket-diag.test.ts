/** The kernel's own account of sockets that this very process holds. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { holdersOf } from '../../../src/discover/socket-holders.ts';
import { localMachine } from '../../../src/host/local.ts';
import { socketsIn } from '../../../src/host/sockets/socket-diag.ts';

it('tells a listener, a connection to it, and who holds them', async () => {
  const server = createServer((client) => client.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  try {
    const answer = socketsIn(null);
    if (!answer.known) throw new Error(answer.detail);
    const listener = answer.value.find((one) => one.state === 'LISTEN' && one.sourcePort === port);
    expect(listener).toMatchObject({ proto: 'tcp', family: 4, source: '127.0.0.1', uid: process.getuid?.() });
    const mine = answer.value.find((one) => one.state === 'ESTAB' && one.destinationPort === port);
    expect(mine).toMatchObject({
      source: '127.0.0.1',
      sourcePort: client.localPort,
      destination: '127.0.0.1',
      retransmits: 0,
      info: { unacknowledged: 0, roundTrip: expect.any(Number) },
    });
    const machine = localMachine();
    const holders = holdersOf(machine, machine.self.inode, new Set([mine!.inode]));
    expect(holders[mine!.inode]?.pid).toBe(process.pid);
  } finally {
    client.destroy();
    server.close();
  }
});
