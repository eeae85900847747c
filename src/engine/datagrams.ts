/** What datagrams that came back, or did not, say of the protocol that has the port: said beside the verdict. */
import type { Unknown } from '../model/evidence.ts';
import type { Scene } from '../model/scene.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import { protocolOf } from '../probe/datagrams.ts';
import { plain } from '../words/text.ts';

type Asked = Pick<Scene, 'flow' | 'outcomes'>;

const isAsked = ({ flow }: Pick<Scene, 'flow'>): boolean => flow.proto === 'udp' && flow.from !== 'outside';

/** Of a flow whose datagrams were answered. */
export function saidBack({ flow, outcomes }: Asked): Unknown[] {
  if (!isAsked({ flow })) return [];
  if (!protocolOf(flow))
    return [
      {
        what: 'what the program says',
        because: `no question is known for port ${flow.port}: datagrams that mean nothing to a program came back`,
      },
    ];
  const odd = outcomes.find((one): one is ProbeOutcome & { amiss: string } => one.amiss !== undefined);
  return odd ? [{ what: 'what the program says', because: plain(odd.amiss) }] : [];
}

type Quiet = Pick<Scene, 'flow' | 'symptom' | 'place' | 'drops'>;

/** It came to the far end's own stack on this host, and nobody saw the kernel throw it away: a socket took it, and nothing was said. */
export const isTakenInSilence = ({ flow, symptom, place, drops }: Quiet): boolean =>
  isAsked({ flow }) &&
  symptom.kind === 'lost' &&
  place?.stage === 'deliver' &&
  place.direction === 'request' &&
  (!drops.known || drops.value.length === 0);

/** Of a flow whose datagrams nobody answered: what that silence is worth. */
export function silence(scene: Quiet): Unknown[] {
  const { flow, symptom } = scene;
  if (!isAsked({ flow }) || (symptom.kind !== 'silence' && !isTakenInSilence(scene))) return [];
  const spoken = protocolOf(flow);
  const what = 'whether a program got it';
  if (!spoken)
    return [
      {
        what,
        because: `no question is known for port ${flow.port}, and a program may be silent to a datagram that means nothing to it`,
      },
    ];
  if (spoken.silent) return [{ what, because: spoken.silent }];
  const but = spoken.unheeded ? `, though ${spoken.unheeded}` : '';
  return [
    { what, because: `a question of ${spoken.name} was asked, which is answered where it lives${but}` },
  ];
}
