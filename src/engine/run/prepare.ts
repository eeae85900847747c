/** What a run sends, opened before anything is armed. */
import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { ProbeKind } from '../../probe/kind.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import { observedKind } from '../../probe/observed.ts';
import { type ExchangePlan, prepareExchange } from './exchange.ts';
import type { RunLog } from './log.ts';
import { openObserver } from './observing.ts';
import type { RunPlan } from './plan.ts';
import { openSender, type Sender } from './sending.ts';
import { prepareSize, SIZES, type SizeProbe } from './size.ts';

export interface Prepared {
  readonly kind: ProbeKind;
  /** How many probes are asked for. */
  readonly count: number;
  readonly sender: Sender;
  readonly size: SizeProbe | null;
  readonly exchange: ExchangePlan | null;
}

export async function prepare(machine: Machine, plan: RunPlan, log: RunLog): Promise<Answer<Prepared>> {
  const outside = plan.flow.from === 'outside';
  const kind = outside
    ? observedKind(plan.flow.proto === 'udp' ? 'udp' : 'tcp')
    : probeKindOf(plan.flow.proto);
  const count = outside ? 1 : plan.count;
  const sender = outside
    ? known(openObserver(plan.flow, plan.path), [])
    : openSender(machine, {
        flow: plan.flow,
        kind,
        count,
        first: 0,
        netns: plan.netns,
        realDestination: plan.path.realDestination,
        ...(plan.cgroup ? { cgroup: plan.cgroup } : {}),
        user: plan.user,
        sourcePort: plan.sourcePort ?? null,
        onOutcome: (outcome) => log.hear(outcome),
      });
  if (!sender.known) return sender;
  const size = outside ? null : prepareSize(machine, plan, count, log);
  const exchange = await machine.during(prepareExchange(plan.flow, plan.say, count + SIZES));
  return known({ kind, count, sender: sender.value, size, exchange }, []);
}
