/** Who takes a change back when its time is over: systemd where it runs, which nothing of this session ends; else a process of our own. */
import type { Machine } from '../host/machine.ts';
import { ownCall } from '../host/package.ts';
import { cannotLook } from '../model/failure.ts';
import type { Entry } from './journal/entry.ts';

/** What systemd starts has PID 1's namespaces: the change must have been made there too (sd_booted(3), namespaces(7)). */
function systemdIsHere(machine: Machine): boolean {
  if (machine.uid !== 0 || !machine.list('/run/systemd/system').known) return false;
  return ['net', 'mnt'].every((kind) => {
    const [first, own] = [machine.link(`/proc/1/ns/${kind}`), machine.link(`/proc/self/ns/${kind}`)];
    return first.known && own.known && first.value === own.value;
  });
}

/**
 * A transient timer (systemd-run(1)): until it is due there is no process that a closed session or the OOM killer could
 * end. False: systemd did not take it.
 */
async function askSystemd(machine: Machine, entry: Entry, program: readonly string[]): Promise<boolean> {
  const state = machine.env.NETDOCTOR_STATE;
  const answer = await machine.run({
    argv: [
      ...(['systemd-run', '--quiet', '--collect', '--no-ask-password'] as const),
      `--unit=netdoctor-rollback-${entry.id}-${machine.pid}`,
      `--description=takes change ${entry.id} of netdoctor back unless it is kept`,
      `--on-active=${entry.rollback?.seconds ?? 0}s`,
      '--timer-property=AccuracySec=1s',
      ...(state === undefined ? [] : [`--setenv=NETDOCTOR_STATE=${state}`]),
      ...['--', ...program, 'due'],
    ],
  });
  return answer.known && answer.value.code === 0;
}

/** The timer is this very program, started by systemd or in a session of its own. @throws Failure where it cannot be started */
export async function startRollback(machine: Machine, entry: Entry): Promise<void> {
  const program = [...ownCall(), 'rollback-timer', entry.id] as const;
  if (systemdIsHere(machine) && (await askSystemd(machine, entry, program))) return;
  if (machine.env.NETDOCTOR_HOST)
    throw cannotLook(
      'no-rollback-timer',
      'The rollback timer would end with the container of netdoctor, so nothing is changed.',
      'Leave out --rollback-after, or install netdoctor on this host.',
    );
  const started = machine.detach({ argv: program });
  if (!started.known)
    throw cannotLook(
      'no-rollback-timer',
      `The rollback timer could not be started, so nothing is changed: ${started.detail}.`,
      'Leave out --rollback-after where you can reach this host in another way.',
    );
}
