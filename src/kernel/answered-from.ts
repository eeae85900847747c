/** From where an answer came, beside whom the question was put to: both as the same hop saw them, past every rewrite. */
import type { Hop } from '../model/path.ts';
import { type Scene, seen } from '../model/scene.ts';
import type { Sighting } from '../model/sighting.ts';

export interface Stranger {
  readonly hop: Hop;
  readonly asked: Sighting;
  readonly answer: Sighting;
}

/**
 * An answer that shows another source than any destination of its question, on the hop that saw it first. A destination
 * that a rewrite chose on the way is no stranger, wherever the answer shows it.
 */
export function answeredFrom(scene: Scene): Stranger | undefined {
  for (const hop of scene.path.hops.toReversed()) {
    const requests = seen(scene, hop.id, 'request');
    for (const answer of seen(scene, hop.id, 'reply')) {
      const asked = requests.filter(
        ({ probe, family }) => probe === answer.probe && family === answer.family,
      );
      const meant = scene.sightings.some(
        (one) =>
          one.kind === 'request' &&
          one.probe === answer.probe &&
          one.destination === answer.source &&
          one.destinationPort === answer.sourcePort,
      );
      if (asked[0] && !meant) return { hop, asked: asked[0], answer };
    }
  }
  return undefined;
}
