/** A request that comes back in by the interface it left by: somebody turned it round, or routes it back here. */
import { exitHop, type Scene } from '../model/scene.ts';
import type { Passage } from '../model/sighting.ts';

/** Undefined where none did; a bridge or a hub that shows a frame twice shows it as going out. */
export function cameHome(scene: Pick<Scene, 'path' | 'passages'>): Passage | undefined {
  const exit = exitHop(scene);
  if (!exit || scene.path.ending !== 'outside' || scene.path.origin === 'outside') return undefined;
  const mine = scene.passages.filter((one) => one.kind === 'request' && one.hop === exit.id);
  return mine.find(
    (one) =>
      one.heading === 'in' &&
      mine.some(({ heading, probe, at }) => heading === 'out' && probe === one.probe && at < one.at),
  );
}
