/**
 * Whether the kernel ends this process with its parent: prctl(2), PR_SET_PDEATHSIG. The end of standard input says the same,
 * and is heard when a busy machine gives this process its turn.
 */
import { libc } from '../sys/libc.ts';

const PR_SET_PDEATHSIG = 1;
const [NEVER, SIGKILL] = [0, 9];

export function endWithParent(wanted: boolean): void {
  libc().prctl(PR_SET_PDEATHSIG, wanted ? SIGKILL : NEVER);
}
