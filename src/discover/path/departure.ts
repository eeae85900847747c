/** What every part of a way is worked out from. */
import type { Machine } from '../../host/machine.ts';
import type { Flow } from '../../model/flow.ts';
import type { Decision } from '../../model/path.ts';
import type { Network } from '../../model/target.ts';
import type { Side } from './builder.ts';

/** A packet in the host's stack. */
export interface Crossing {
  readonly machine: Machine;
  readonly flow: Flow;
  readonly host: Side;
  /** The target's namespace: a path may end in it. */
  readonly target: Side;
}

/** A request that begins inside a container's namespace. */
export interface Departure extends Crossing {
  readonly source: Side;
  readonly networks: readonly Network[];
  readonly route: Decision;
  readonly sourceAddress: string | null;
}
