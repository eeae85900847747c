import type { Machine } from '../../host/machine.ts';
import { known } from '../../model/answer.ts';
import { fact } from '../fact.ts';

const RELEASE = '/proc/sys/kernel/osrelease';
const MODULES = '/lib/modules';

/** Which kernel runs, and which kernels have modules on disk. Source: modules.dep(5). */
export default fact({
  name: 'modules',
  gather(machine: Machine) {
    const release = machine.read(RELEASE);
    if (!release.known) return release;
    const running = release.value.trim();
    const directories = machine.list(MODULES);
    // Without the folder nothing was ever installed there: a kernel with everything built in.
    const others = directories.known ? directories.value.filter((name) => name !== running) : [];
    const present = directories.known && directories.value.includes(running);
    return known({ release: running, present, others }, ['ls', MODULES]);
  },
});
