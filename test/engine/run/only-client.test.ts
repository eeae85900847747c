// A socket of UDP that makes the first probe its one client, as the far end's sockets show it.
import { expect, it } from 'vitest';
import { RunLog } from '../../../src/engine/run/log.ts';
import { onlyClient } from '../../../src/engine/run/only-client.ts';
import type { Machine } from '../../../src/host/machine.ts';
import { known, notKnown } from '../../../src/model/answer.ts';
import type { ProbeOutcome } from '../../../src/model/sighting.ts';
import type { SocketState } from '../../../src/model/socket.ts';
import { healthy } from '../../causes/scene.ts';
import { connection } from '../../examples/socket.ts';

const outcomes = (...results: ProbeOutcome['result'][]): ProbeOutcome[] =>
  results.map((result, probe) => ({ probe, result, microseconds: null, errno: null, says: null }));
const connectedTo = (peer: number): SocketState => ({ ...connection({ peer, inode: 11 }), proto: 'udp' });

function told(sockets: readonly SocketState[] | null, heard: readonly ProbeOutcome[], ending = 'other') {
  const machine = {
    now: () => 1n,
    sockets: () => (sockets ? known(sockets, []) : notKnown('no-permission', 'no', [])),
    list: () => known([], []),
    self: { inode: 1 },
  } as unknown as Machine;
  const { flow, path } = healthy('sibling');
  const of = {
    machine,
    plan: { flow: { ...flow, proto: 'udp', port: 8080 }, path: { ...path, ending } },
    sender: { run: { first: 0, ports: [40_000, 40_001, 40_002] }, owns: () => true },
    log: new RunLog(machine, () => {}),
  } as unknown as Parameters<typeof onlyClient>[0];
  return onlyClient(of, heard);
}

it('is told where it is connected to a probe, and those after it were refused', () => {
  const gap = told([connectedTo(40_000)], outcomes('silent', 'refused', 'refused'));
  expect(gap?.because).toContain('connected its socket on port 8080 to the first of them');
});

it('is not told of another client, where nobody was refused, and where all were', () => {
  const mixed = outcomes('answered', 'refused', 'refused');
  expect(told([connectedTo(9999)], mixed)).toBeNull();
  expect(told([connectedTo(40_000)], outcomes('answered', 'answered'))).toBeNull();
  expect(told([connectedTo(40_000)], outcomes('refused', 'refused'))).toBeNull();
});

it('leaves open whether there is one, where nobody could look and the first alone was not refused', () => {
  const mixed = outcomes('answered', 'refused', 'refused');
  expect(told([connectedTo(40_000)], mixed, 'outside')?.of).toBe('taking');
  expect(told(null, mixed)?.because).toContain('could not be looked at');
  expect(told(null, outcomes('silent', 'refused', 'refused'))?.of).toBe('taking');
  expect(told(null, outcomes('refused', 'answered', 'refused'))).toBeNull();
  expect(told(null, outcomes('answered', 'answered', 'refused'))).toBeNull();
});
