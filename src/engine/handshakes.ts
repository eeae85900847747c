/** What the handshakes of an answered flow show: connections may open, and be of little use. */
import type { Machine } from '../host/machine.ts';
import { halfScaled } from '../kernel/half-scaled.ts';
import type { Scene } from '../model/scene.ts';
import { type Claimed, claimsOfSome } from './judge.ts';

const CAUSE = 'window-scale-stripped';

/** The rules are asked for only where the captures show that something was taken out. */
export async function ofHandshakes(machine: Machine, scene: Scene): Promise<readonly Claimed[]> {
  if (scene.flow.proto !== 'tcp' || !halfScaled(scene)) return [];
  return claimsOfSome(machine, scene, ({ id }) => id === CAUSE);
}
