/** What stands behind a verdict that no cause explains. */
import { explained, meaningInWords, meaningOf } from '../kernel/drop-reason.ts';
import { endings } from '../kernel/drops.ts';
import { entryOf, nextHop } from '../kernel/next-hop.ts';
import { ip } from '../kernel/routing.ts';
import { netnsOf, outgoing } from '../kernel/travel.ts';
import type { Status } from '../model/diagnosis.ts';
import type { Evidence, Unknown } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import { dropName, fromStateIn } from '../words/telling.ts';

/**
 * What that kind of drop depends on and what mends it. Where no witness told anything of the packets: what the sender's
 * kernel said of them, and the next hop that they wait for.
 */
export const unexplained = (scene: Scene, isSeen: boolean): Evidence[] => [
  ...ofDrop(scene),
  ...(isSeen ? [] : [...told(scene), ...awaited(scene)]),
];

function ofDrop(scene: Scene): Evidence[] {
  const [drop] = endings(scene);
  const meaning = drop && meaningOf(drop);
  if (!drop || !meaning) return [];
  return [
    {
      witness: 'journey',
      at: drop.hop,
      microseconds: Math.round(drop.at),
      says: `${dropName(drop)}: ${meaningInWords(meaning)}`,
      agrees: true,
      source: ['netdoctor', 'explain', explained(drop)],
    },
  ];
}

/** errno of the sockets, of probes that it told of. */
function told({ outcomes, flow, path }: Scene): Evidence[] {
  const errors = [...new Set(outcomes.flatMap(({ errno }) => errno ?? []))];
  const netns = path.hops[0]?.netns ?? null;
  return errors.map((errno) =>
    fromStateIn(netns, `the sender’s own kernel said ${errno} to it`, [
      ...ip(flow.family),
      'route',
      'get',
      flow.address,
    ]),
  );
}

function awaited(scene: Scene): Evidence[] {
  const hop = nextHop(scene, outgoing(scene));
  const entry = hop && entryOf(hop);
  if (!hop || !entry) return [];
  return [
    fromStateIn(
      netnsOf(scene, hop.side),
      `${hop.address}, to which ${hop.dev} hands it, is ${entry.state.join(' ')} in the neighbour table`,
      [...ip(scene.flow.family), 'neigh', 'show', hop.address],
      hop.asker.id,
    ),
  ];
}

/** The why of a verdict that has no other: nothing is called lost or undecided without a word of what was not to be seen. */
export function withWhy(
  { status, evidence }: { readonly status: Status; readonly evidence: readonly Evidence[] },
  unknown: readonly Unknown[],
): readonly Unknown[] {
  if (status === 'healthy' || unknown.length > 0) return unknown;
  if (evidence.length === 0)
    return [
      {
        what: 'what became of the packets',
        because: 'no hop saw them, the kernel told of no drop, and nothing that was read explains it',
      },
    ];
  return status === 'undecided'
    ? [{ what: 'what became of the packets', because: 'what was seen of them does not decide it' }]
    : unknown;
}
