/** Small diagnoses and fixes for the tests of the repair. */
import type { Diagnosis, PathEntry } from '../../src/model/diagnosis.ts';
import { type Change, type Fix, run } from '../../src/model/fix.ts';
import { outward } from '../examples/flow.ts';

const hop = (id: string, kind: string): PathEntry => ({
  id,
  name: id.split('/')[1] ?? id,
  where: id.startsWith('host') ? 'host' : 'container',
  kind,
  ifindex: 1,
  addresses: [],
  mtu: 1500,
  up: true,
  captured: true,
  request: 0,
  reply: 0,
});

export const PATH = [
  hop('container/eth0', 'veth'),
  hop('host/vetha', 'veth'),
  hop('host/br0', 'bridge'),
  hop('host/up0', 'uplink'),
];

export function diagnosis(about: Partial<Diagnosis> = {}): Diagnosis {
  return {
    schema: 'netdoctor/diagnosis/1',
    target: { runtime: 'netns', name: 'web', id: null, pid: null, namespace: 1 },
    flow: outward,
    status: 'fault',
    cause: 'ip-forward-off',
    direction: 'request',
    between: ['host/br0', 'host/up0'],
    partial: false,
    path: PATH,
    evidence: [],
    findings: [],
    repairs: [],
    unknown: [],
    summary: '',
    sent: 3,
    answered: 0,
    milliseconds: { total: 1, discover: 0, arm: 0, probe: 1, judge: 0 },
    ...about,
  };
}

export const healthy = (): Diagnosis =>
  diagnosis({ status: 'healthy', cause: null, direction: null, between: null, answered: 3 });

/** Changes written as command lines. */
export const lines = (...all: string[]): Change[] =>
  all.map((line) => run(line.split(' ') as [string, ...string[]]));

export const fix = (about: Partial<Fix & { id: string }> = {}): Fix & { id: string } => ({
  id: '1',
  title: 'Turn IPv4 forwarding on',
  risk: 'safe',
  lasts: 'until reboot',
  apply: lines('sysctl -w net.ipv4.ip_forward=1'),
  undo: lines('sysctl -w net.ipv4.ip_forward=0'),
  ...about,
});

/** A fault with one fatal finding and these fixes. */
export const faultWith = (cause: string, ...fixes: (Fix & { id: string })[]): Diagnosis =>
  diagnosis({
    cause,
    findings: [{ cause, severity: 'fatal', what: 'w', why: 'y.', do: 'd.', owner: null, fixes }],
  });
