import { describe, expect, it } from 'vitest';
import type { SocketState } from '../../src/model/socket.ts';
import { connection } from '../kernel/connection.ts';
import { commands, examine } from './examine.ts';
import { healthy, type Lab, refusedToSend } from './scene.ts';

const socket = (sourcePort: number, about: Partial<SocketState> = {}): SocketState =>
  connection({ sourcePort, ...about });

/** A connection that could not be begun, in a namespace of so many ports of which these are taken. */
function without(ports: number, taken: readonly SocketState[], reserved = ''): Lab {
  const lab = refusedToSend(healthy(), 'EADDRNOTAVAIL');
  lab.flow = { ...lab.flow, proto: 'tcp', port: 80 };
  lab.sysctls.container = {
    'net.ipv4.ip_local_port_range': `40000 ${40000 + ports - 1}`,
    'net.ipv4.ip_local_reserved_ports': reserved,
  };
  lab.sockets = { all: taken as Lab['sockets']['all'], holders: { 7: { pid: 42, name: 'wrk' } } };
  return lab;
}

describe('source-ports-used-up', () => {
  it('says how many are taken, in which state and by whom', () => {
    const claim = examine('source-ports-used-up', without(2, [socket(40000), socket(40001)]));
    expect(claim?.sure).toBe('proved');
    expect(claim?.what).toContain('198.51.100.1:80');
    expect(claim?.why).toContain('all 2 ports');
    expect(claim?.why).toContain('2 in ESTAB towards 198.51.100.1:80 of wrk (pid 42)');
    expect(claim?.why).toContain('net.ipv4.ip_local_port_range (40000 to 40001)');
    expect(commands(claim).apply[0]).toContain('net.ipv4.ip_local_port_range=32768 60999');
    expect(commands(claim).undo[0]).toContain('net.ipv4.ip_local_port_range=40000 40001');
  });

  it('says towards whom, where others than the one asked have them', () => {
    const used = [
      ...[40000, 40001].map((port) => socket(port, { destination: '10.0.0.9', destinationPort: 5432 })),
      socket(40002, { state: 'LISTEN', destination: '0.0.0.0', destinationPort: 0, inode: 0 }),
    ];
    expect(examine('source-ports-used-up', without(3, used))?.why).toContain(
      '2 in ESTAB towards 10.0.0.9:5432 of wrk (pid 42) and 1 in LISTEN',
    );
  });

  it('speaks of keeping connections where they wait out their end', () => {
    const waiting = [40000, 40001].map((port) => socket(port, { state: 'TIME-WAIT', inode: 0 }));
    expect(examine('source-ports-used-up', without(2, waiting))?.do).toContain('keep its connections open');
  });

  it('names the list of reserved ports where it leaves none', () => {
    const claim = examine('source-ports-used-up', without(2, [], '40000-40001'));
    expect(claim?.why).toContain('ip_local_reserved_ports');
    expect(commands(claim).apply[0]).toContain('ip_local_reserved_ports=');
  });

  it('is not claimed while one is free: the errno has other reasons too', () => {
    expect(examine('source-ports-used-up', without(3, [socket(40000), socket(40001)]))).toBeNull();
    const udp = [socket(40000, { proto: 'udp' }), socket(40001, { proto: 'udp' })];
    expect(examine('source-ports-used-up', without(2, udp))).toBeNull();
  });
});
