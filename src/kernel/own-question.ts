/** The host's own question to the same end, beside the container's: only where it leaves by the same interface do the two compare. */
import { exitHop, type Scene } from '../model/scene.ts';
import { decide } from './routing.ts';

/** `answered`, `silent`; undefined where it was not asked, or left by another interface. */
export function ownQuestion(
  scene: Pick<Scene, 'control' | 'flow' | 'path' | 'stacks'>,
): 'answered' | 'silent' | undefined {
  const { control, flow, stacks } = scene;
  if (!control?.asked) return undefined;
  const packet = { family: flow.family, destination: flow.address, source: null, iif: null } as const;
  const found = decide(stacks.host, packet);
  if (found.kind !== 'route' || found.route.dev !== exitHop(scene)?.name) return undefined;
  return control.answered ? 'answered' : 'silent';
}
