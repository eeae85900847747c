/** A run's probes as the far end knows them. */
import type { Ends } from '../../kernel/accept-queue.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import type { RunLog } from './log.ts';
import type { RunPlan } from './plan.ts';
import type { Sender } from './sending.ts';

export interface Arriving {
  readonly log: RunLog;
  readonly sender: Pick<Sender, 'run' | 'owns'>;
  readonly plan: Pick<RunPlan, 'flow' | 'path'>;
}

/** Ports as they arrived at this hop, after whatever rewrote them, of the sender's own probes among these. */
export function endsOf(
  { log, sender, plan: { flow, path } }: Arriving,
  hop: string,
  outcomes: readonly ProbeOutcome[],
): Ends[] {
  const { run } = sender;
  return outcomes
    .filter(({ probe }) => sender.owns(probe))
    .flatMap(({ probe }) => {
      const seen = log.sightings.find(
        (one) => one.probe === probe && one.hop === hop && one.kind === 'request',
      );
      const peer = seen?.sourcePort ?? run.ports[probe - run.first];
      const port = path.realPort ?? seen?.destinationPort ?? flow.port;
      return peer == null || port == null ? [] : [{ port, peer }];
    });
}
