import { settingFiles, settingValue } from '../../../discover/facts/sysctls.ts';
import { known, notKnown } from '../../../model/answer.ts';
import { held } from '../source.ts';
import type { Entry } from '../state.ts';

/** Counts, and no setting. */
const COUNTS = /nf_conntrack_count$/;
const DEVICE = /^net\.ipv[46]\.conf\.(.+)\.\w+$/;
const FROM = ['sysctl', '-a', '-r', '^net'];

/** Settings of the kernel, of most of whose changes it does not tell: sysctl(8). */
export default held({
  name: 'settings',
  woken: ['setting'],
  // Half a millisecond each time.
  every: 50,
  open(machine, { devices, netns }) {
    const files = settingFiles(devices).filter(([key]) => !COUNTS.test(key));
    const open = machine.hold(
      files.map(([, file]) => file),
      netns,
    );
    return {
      close: () => open.close(),
      read() {
        const entries = open.read().flatMap((text, at): [string, Entry][] => {
          if (text === null) return [];
          const key = files[at]![0];
          const device = DEVICE.exec(key)?.[1] ?? null;
          const one = device === 'all' || device === 'default' ? null : device;
          // Those of an interface come and go with it.
          const entry = {
            kind: 'setting',
            what: key,
            device: one,
            fields: { '': settingValue(text) },
          } as const;
          return [[key, { ...entry, learned: true }]];
        });
        return entries.length === 0
          ? notKnown('unreadable', 'no setting could be read', FROM)
          : known(new Map(entries), FROM);
      },
    };
  },
});
