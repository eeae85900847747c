/** Stands in for a sender where somebody outside sends: it waits for the first packet and lets the witnesses follow it. */
import type { Flow } from '../../model/flow.ts';
import type { Path } from '../../model/path.ts';
import type { ProbeRun } from '../../probe/kind.ts';
import type { RunLog } from './log.ts';
import type { Sender } from './sending.ts';

export function openObserver(flow: Flow, path: Path): Sender {
  const run: ProbeRun = {
    flow,
    count: 1,
    first: 0,
    token: 0,
    lengths: [0],
    ports: [flow.port],
    realDestination: path.realDestination,
    realPort: path.realPort ?? flow.port,
    asker: { address: null, port: null },
    sequences: new Map(),
  };
  return {
    run,
    owns: (probe) => probe === 0,
    sendOne: () => {},
    send: async () => {},
    look: () => {},
    segment: () => null,
    resize: () => {},
    close: () => {},
  };
}

/** Resolves with the packet's first sighting, or when nobody came. `patience` in milliseconds. */
export async function awaitOutside(
  flow: Flow,
  log: RunLog,
  patience: number,
  now: () => bigint,
  signal: AbortSignal,
): Promise<boolean> {
  const arrived = (): boolean => log.sightings.some((one) => one.kind === 'request' && one.probe === 0);
  const program = flow.proto === 'udp' ? 'nc -u' : 'nc -vz';
  log.origin = now();
  const what = `a packet from outside; on another machine run: ${program} ${flow.address} ${flow.port}`;
  await log.wait(() => ({ done: arrived(), until: patience, what }), patience, signal);
  return arrived();
}

/** What the sender outside must have heard, read from the interface it came in by. */
export function outsideOutcome(log: RunLog, entrance: string | undefined): void {
  const back = log.sightings.find((one) => one.hop === entrance && one.probe === 0 && one.kind !== 'request');
  if (!back) return;
  const result = back.kind === 'reply' ? 'answered' : back.kind === 'refusal' ? 'refused' : 'error';
  const asked = log.sightings.find((one) => one.hop === entrance && one.kind === 'request');
  log.hear({
    probe: 0,
    result,
    microseconds: asked ? back.at - asked.at : null,
    errno: null,
    says: back.says,
  });
}
