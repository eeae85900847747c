import type { Fix } from '../model/fix.ts';
import { run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';

export interface Setting {
  readonly key: string;
  readonly value: string;
  /** What it is now, so that it can be put back. */
  readonly before: string;
}

/** A fix that writes sysctls of one namespace, and writes the old values to take it back. */
export const setSysctls = (
  settings: readonly [Setting, ...Setting[]],
  netns: Netns | null,
  about: Pick<Fix, 'title' | 'risk'> & Partial<Fix>,
): Fix => ({
  lasts: netns
    ? 'until the container restarts, or something writes the sysctl again'
    : 'until reboot, or until something writes the sysctl again',
  apply: settings.map(({ key, value }) => run(['sysctl', '-w', `${key}=${value}`], netns)),
  undo: settings.map(({ key, before }) => run(['sysctl', '-w', `${key}=${before}`], netns)),
  ...about,
});

/** A file of /etc/sysctl.d that keeps the settings of the host over a reboot. */
export const keepSysctls = (settings: readonly Setting[]): NonNullable<Fix['persist']> => [
  {
    file: '/etc/sysctl.d/90-netdoctor.conf',
    before: null,
    after: `${settings.map(({ key, value }) => `${key} = ${value}`).join('\n')}\n`,
    mode: '0644',
  },
];
