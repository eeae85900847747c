/** No probe could be sent: what keeps netdoctor itself from it, as far as it can be told. */
import { confinement } from '../discover/confinement.ts';
import type { Machine } from '../host/machine.ts';
import type { NotKnown } from '../model/answer.ts';
import type { Unknown } from '../model/evidence.ts';
import { cannotLook, type Failure } from '../model/failure.ts';
import { destination } from '../model/flow.ts';
import type { Scene } from '../model/scene.ts';
import type { Target } from '../model/target.ts';
import { outOfFiles } from '../words/out-of-files.ts';
import { list, shellLine } from '../words/text.ts';

/** Its socket could not even be opened. */
export function notSent(
  machine: Pick<Machine, 'read' | 'uid'>,
  target: Target,
  { because, detail }: Pick<NotKnown, 'because' | 'detail'>,
): Failure {
  const full = outOfFiles(detail);
  if (full) return cannotLook('no-files', `No probe could be sent. ${full.message}`, full.hint);
  const sentence = `No probe could be sent: ${detail}.`;
  if (because !== 'no-permission')
    return cannotLook('no-probe', sentence, 'The message above is the kernel’s own.');
  const why = machine.uid === 0 ? confinement(machine) : [];
  return why.length > 0
    ? cannotLook(
        'no-permission',
        `${sentence} netdoctor is root, but ${list(why)}.`,
        'Run it where nothing confines it, as from a shell of the host itself.',
      )
    : cannotLook(
        'no-permission',
        sentence,
        `Run it as root: ${shellLine(['sudo', 'netdoctor', target.name])}`,
      );
}

const DENIED = /^(EPERM|EACCES)$/;

/**
 * The kernel refused a probe, and neither a route, a rule nor a program of the control group was found that did it: where
 * netdoctor itself is confined, it need not be the target that may not.
 */
export function refusedItself(machine: Pick<Machine, 'read'>, scene: Scene): Unknown[] {
  const { symptom, flow, target, path } = scene;
  if (symptom.kind !== 'not-sent' || !DENIED.test(symptom.errno ?? '') || flow.from !== 'container')
    return [];
  if (path.sourceRoute.refusal !== null || path.sourceRoute.type === 'broadcast') return [];
  const why = confinement(machine);
  return why.length === 0
    ? []
    : [
        {
          what: `whether ${target.name} may send to ${destination(flow)}`,
          because: `the kernel refused the probe (${symptom.errno}), and the process that sends it ${list(why)}`,
        },
      ];
}
