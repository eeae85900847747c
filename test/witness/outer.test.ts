import { describe, expect, it } from 'vitest';
import type { Machine, PacketFrame, PacketPlan } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';
import type { Path } from '../../src/model/path.ts';
import type { ProbeRun } from '../../src/probe/kind.ts';
import { probeKindOf } from '../../src/probe/kinds.ts';
import { armOuter } from '../../src/witness/outer.ts';
import { healthy } from '../causes/scene.ts';
import { bytesOf, ethernet, FLAGS, icmp, ip, tcp, udp } from '../wire/frame.ts';

const { flow } = healthy();
const run = {
  flow: { ...flow, proto: 'tcp', port: 80 },
  count: 1,
  first: 0,
  token: 0x11223344,
  lengths: [60],
  ports: [40_000],
  realDestination: '198.51.100.1',
  sequences: new Map([[0, 7]]),
} as unknown as ProbeRun;

/** The way of the lab, whose last interface is a tunnel with this port. */
function through(kind: string, port?: number): Path {
  const lab = healthy();
  const hop = lab.path.hops[3]!;
  hop.kind = kind;
  hop.link = { ...hop.link, kind, data: port === undefined ? {} : { port } };
  return lab.path as Path;
}

const frame = (bytes: Uint8Array, about: Partial<PacketFrame> = {}): PacketFrame =>
  ({ ifindex: 77, protocol: 0x0800, direction: 'out', bytes, at: 5_000_000n, ...about }) as PacketFrame;

function watching(path: Path, frames: readonly PacketFrame[]) {
  const filters: string[] = [];
  const machine = {
    packets: (_where: unknown, { filter }: PacketPlan, onFrame: (frame: PacketFrame) => void) => {
      filters.push(filter);
      for (const one of frames) onFrame(one);
      return known({ look() {}, async stop() {} }, []);
    },
    linksIn: () => known([{ ifindex: 77, name: 'up1' }], []),
  } as unknown as Machine;
  const witness = armOuter(machine, path, [{ kind: probeKindOf('tcp'), run }]);
  return { seen: witness.read(1_000_000n), filters };
}

const ends = { source: '192.0.2.1', destination: '203.0.113.9' };
const syn = ip({ source: '10.99.0.2', destination: '198.51.100.1' }, 6, tcp(40_000, 80, FLAGS.syn, 7));
const vxlan = (port: number, bytes = syn): Uint8Array =>
  ip(ends, 17, udp(50_000, port, Buffer.concat([bytesOf('08000000 00000700'), ethernet(0x0800, bytes)])));
const says = (quoted: Uint8Array, code: number): Uint8Array =>
  ip({ source: '203.0.113.1', destination: '192.0.2.1' }, 1, icmp(3, code, 0, quoted.subarray(0, 28)));

describe('outside of a tunnel', () => {
  it('the probe is known again in its outer packet', () => {
    expect(watching(through('vxlan', 8472), [frame(vxlan(8472))]).seen).toEqual([
      {
        ...{ tunnel: 'host/up0', kind: 'request', probe: 0, at: 4000, device: 'up1', heading: 'out' },
        ...{ ...ends, says: null, about: null },
      },
    ]);
  });

  it('an error that quotes no more than the outer header and its ports is about the tunnel', () => {
    const error = frame(says(vxlan(8472), 13), { direction: 'in' });
    expect(watching(through('vxlan', 8472), [error]).seen).toMatchObject([
      {
        ...{ kind: 'error', probe: -1, source: '203.0.113.1', heading: 'in' },
        ...{ about: '203.0.113.9', says: 'administratively prohibited' },
      },
    ]);
    const ofGre = frame(says(ip(ends, 47, bytesOf('00000800 45000000')), 2), { direction: 'in' });
    expect(watching(through('gre'), [ofGre]).seen).toMatchObject([{ says: 'protocol unreachable' }]);
  });

  it('strangers in the same tunnel do not hide it, before it or behind', () => {
    const inner = ip({ source: '10.99.0.2', destination: '198.51.100.1' }, 6, tcp(40_001, 80, FLAGS.syn, 9));
    const others = Array.from({ length: 2500 }, () => frame(vxlan(8472, inner)));
    const path = through('vxlan', 8472);
    expect(watching(path, [...others, frame(vxlan(8472))]).seen).toHaveLength(1);
    expect(watching(path, [frame(vxlan(8472)), ...others]).seen).toHaveLength(1);
  });

  it('an error is about the tunnel of its protocol, where two are on the way', () => {
    const path = through('gre');
    const hop = path.hops[2]!;
    const both = {
      ...path,
      hops: path.hops.with(2, { ...hop, kind: 'ipip', link: { ...hop.link, kind: 'ipip', data: {} } }),
    };
    const about = (protocol: number) =>
      frame(says(ip(ends, protocol, bytesOf('00000800 45000000')), 2), { direction: 'in' });
    expect(watching(both, [about(47), about(4)]).seen.map(({ tunnel }) => tunnel)).toEqual([
      path.hops[3]!.id,
      hop.id,
    ]);
  });

  it.each([
    ['an error about another port', frame(says(vxlan(4790), 13), { direction: 'in' })],
    [
      'somebody else’s packet in the same tunnel',
      frame(
        vxlan(
          8472,
          ip({ source: '10.99.0.2', destination: '198.51.100.1' }, 6, tcp(40_001, 80, FLAGS.syn, 9)),
        ),
      ),
    ],
    ['an interface that is gone', frame(vxlan(8472), { ifindex: 78 })],
    ['what is cut short', frame(vxlan(8472).subarray(0, 30))],
  ])('%s is nothing', (_, one) => {
    expect(watching(through('vxlan', 8472), [one]).seen).toEqual([]);
  });

  it('asks the kernel for the port of the tunnel, else for that of its kind, and errors first', () => {
    const [filter] = watching(through('vxlan', 8472), []).filters;
    expect(filter).toMatch(/^\(\(icmp\[0\] = 3 .* icmp\[30:2\] = 8472\)/);
    // 198.51.100.1 behind 20 bytes of IP, 8 of UDP, 8 of VXLAN, 14 of Ethernet.
    expect(filter).toContain(`(ip[62:4] = ${0xc6336401}) or (ip[66:4] = ${0xc6336401})`);
    expect(watching(through('geneve'), []).filters[0]).toContain('= 6081');
    expect(watching(through('ipip'), []).filters[0]).toContain('(ip[9] = 4 and ((ip[32:4]');
  });

  it('looks at nothing where no tunnel is on the way, or what it carries cannot be read', () => {
    expect(watching(healthy().path as Path, []).filters).toEqual([]);
    expect(watching(through('wireguard'), []).filters).toEqual([]);
    const blind = { packets: () => notKnown('no-permission', 'EPERM', []) } as unknown as Machine;
    expect(armOuter(blind, through('vxlan'), []).read(0n)).toEqual([]);
  });
});
