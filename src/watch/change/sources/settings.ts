import { readSettings } from '../../../discover/facts/sysctls.ts';
import { known, notKnown } from '../../../model/answer.ts';
import { source } from '../source.ts';
import type { Entry } from '../state.ts';

/** Counts, and no setting. */
const COUNTS = /nf_conntrack_count$/;
const DEVICE = /^net\.ipv[46]\.conf\.(.+)\.\w+$/;

/** Settings of the kernel, of most of whose changes it does not tell: sysctl(8). */
export default source({
  name: 'settings',
  woken: [],
  async read(machine, place) {
    const settings = Object.entries(readSettings(machine, place)).filter(([key]) => !COUNTS.test(key));
    const from = ['sysctl', '-a', '-r', '^net'];
    if (settings.length === 0) return notKnown('unreadable', 'no setting could be read', from);
    const entries = settings.map(([key, value]): [string, Entry] => {
      const device = DEVICE.exec(key)?.[1] ?? null;
      const one = device === 'all' || device === 'default' ? null : device;
      // Those of an interface come and go with it.
      return [key, { kind: 'setting', what: key, device: one, fields: { '': value }, learned: true }];
    });
    return known(new Map(entries), from);
  },
});
