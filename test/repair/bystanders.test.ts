import { describe, expect, it } from 'vitest';
import type { Machine, SocketEvent, SocketSpec } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Link, Route, Stack } from '../../src/model/stack.ts';
import { askOnce } from '../../src/repair/bystanders/ask.ts';
import { flowsAround, MOST, type Resident, type Surroundings } from '../../src/repair/bystanders/flow.ts';
import { keeping } from '../../src/repair/bystanders.ts';

const link = (name: string, ...addresses: string[]): Link =>
  ({
    name,
    kind: name === 'lo' ? 'loopback' : 'veth',
    addresses: addresses.map((one) => {
      const [address = '', prefix] = one.split('/');
      const family = address.includes(':') ? 6 : 4;
      const scope = address.startsWith('fe80') ? 'link' : 'global';
      return { family, address, prefix: Number(prefix), scope, peer: null, flags: [] };
    }),
  }) as unknown as Link;

const resident = (
  name: string,
  inode: number | null,
  links: Link[],
  gateway: string | null = null,
): Resident => ({
  name,
  netns: inode === null ? null : { inode, path: `/run/netns/${name}` },
  nameservers: [],
  stack: {
    links,
    routes: gateway ? [{ destination: '0.0.0.0/0', type: 'unicast', gateway } as Route] : [],
  } as unknown as Stack,
});

const host = resident(
  'this host',
  null,
  [link('br0', '10.88.0.1/24'), link('up0', '192.0.2.1/24')],
  '192.0.2.2',
);
const a = {
  ...resident('A', 1, [link('lo', '127.0.0.1/8'), link('eth0', '10.88.0.2/24', 'fe80::2/64')], '10.88.0.1'),
  nameservers: ['198.51.100.53'],
};
const b = resident('B', 2, [link('eth0', '10.88.0.3/24')], '10.88.0.1');
const c = resident('C', 3, [link('eth0', '10.89.0.2/24')], '10.89.0.1');
const around: Surroundings = {
  host,
  target: a,
  others: [b, c],
  published: [{ address: '192.0.2.1', port: 8080 }],
  asked: { from: 'container', address: '198.51.100.1', proto: 'tcp', port: 80, family: 4 },
};
const says = (of: Surroundings): string[] => flowsAround(of).map((one) => one.says);

describe('the flows around a repair', () => {
  it('are gateways, neighbours, name servers, published ports, and what was asked, from others', () => {
    expect(says(around)).toEqual([
      'this host → 10.88.0.2',
      'this host → 192.0.2.2',
      'this host → 198.51.100.1:80',
      'A → 10.88.0.1',
      'A → 198.51.100.53:53',
      'A → 10.88.0.3',
      'B → 10.88.0.2',
      'this host → 192.0.2.1:8080',
      'B → 10.88.0.1',
      'C → 10.89.0.1',
      'B → 198.51.100.1:80',
      'C → 198.51.100.1:80',
      'A → 198.51.100.1',
      'this host → 10.88.0.3',
      'this host → 10.89.0.2',
      'B → 192.0.2.1:8080',
      'C → 192.0.2.1:8080',
    ]);
  });

  it('never are the question itself, nor a datagram that nobody has to answer', () => {
    const ping = { ...around.asked, proto: 'icmp' as const, port: null };
    expect(says({ ...around, asked: ping })).not.toContain('A → 198.51.100.1');
    expect(says({ ...around, asked: { ...around.asked, proto: 'udp' } })).not.toContain(
      'B → 198.51.100.1:80',
    );
  });

  it('stay few on a host with many', () => {
    const others = Array.from({ length: 200 }, (_, index) =>
      resident(`X${index}`, 100 + index, [link('eth0', `10.88.1.${index}/16`)], '10.88.0.1'),
    );
    expect(says({ ...around, others })).toHaveLength(MOST);
  });

  it('need no target that can be looked into', () => {
    expect(says({ ...around, target: null })).toContain('B → 198.51.100.1:80');
  });
});

/** A machine whose sockets hear what `hear` says of them. */
const hearing = (hear: (spec: SocketSpec) => SocketEvent | null, closed: string[] = []): Machine =>
  ({
    random: () => 0x12345678,
    open: (spec: SocketSpec, tell: (event: SocketEvent) => void) =>
      known(
        {
          localPort: 40000,
          localAddress: null,
          send: () => {
            const event = hear(spec);
            if (event) setTimeout(() => tell(event), 1);
            return null;
          },
          look: () => {},
          close: () => closed.push(spec.destination),
        },
        [],
      ),
  }) as unknown as Machine;

const flow = flowsAround(around).find((one) => one.says === 'this host → 192.0.2.1:8080')!;
const connected: SocketEvent = { type: 'connected', at: 0n, microseconds: 1, segment: null };
const refused: SocketEvent = { type: 'error', errno: 'ECONNREFUSED', at: 0n };

describe('one of them', () => {
  it.each([
    ['answered', connected],
    ['refused', refused],
    ['silent', null],
    ['silent', { type: 'error', errno: 'EHOSTUNREACH', at: 0n } as SocketEvent],
  ])('is %s', async (answer, event) => {
    const closed: string[] = [];
    expect(
      await askOnce(
        hearing(() => event, closed),
        flow,
        20,
      ),
    ).toBe(answer);
    expect(closed).toEqual(['192.0.2.1']);
  });

  it('is silent where no socket can be had', async () => {
    const machine = { open: () => notKnown('no-permission', 'EPERM', []) } as unknown as Machine;
    expect(await askOnce(machine, flow, 400)).toBe('silent');
  });
});

describe('what is lost', () => {
  const both = flowsAround(around).filter(({ says: one }) => /:8080$/.test(one) && !/^C/.test(one));

  it('was answered before and is not now', async () => {
    const dead = new Set<number>();
    const machine = hearing(({ netns }) => (dead.has(netns?.inode ?? 0) ? null : connected));
    const kept = await keeping(machine, both, 400);
    expect(kept.count).toBe(2);
    expect(await kept.lost(0)).toEqual([]);
    dead.add(2);
    expect(await kept.lost(0)).toEqual(['B → 192.0.2.1:8080']);
  });

  it('is refused now where it was answered, and not where it was refused before', async () => {
    const machine = hearing(({ netns }) => (netns === null ? now : refused));
    let now: SocketEvent = connected;
    const kept = await keeping(machine, both, 400);
    now = refused;
    expect(await kept.lost(0)).toEqual(['this host → 192.0.2.1:8080']);
  });

  it('is nothing that was answered now and then', async () => {
    let times = 0;
    const machine = hearing(() => (times++ % 2 === 0 ? connected : null));
    expect((await keeping(machine, [flow], 400)).count).toBe(0);
  });

  it('is nothing that comes back at a third look', async () => {
    let deaf = 0;
    const machine = hearing(() => (deaf-- > 0 ? null : connected));
    const kept = await keeping(machine, [flow], 400);
    deaf = 2;
    expect(await kept.lost(0)).toEqual([]);
  });
});
