/** The kernels that are asked: one for each that a distribution in use has; names as `uname -r` begins. */
export interface Kernel {
  readonly name: string;
  /** Debian's suite that has it. */
  readonly suite: string;
  /** Who else runs it, or its like. */
  readonly also: string;
  /** What overlayfs cannot do on it: folders that are written to are kept in memory each. */
  readonly bare?: boolean;
}

export const kernels: readonly Kernel[] = [
  {
    name: '5.10',
    suite: 'bullseye',
    also: 'Debian 11; RHEL 9 (5.14) and Ubuntu 22.04 (5.15) are like it',
    bare: true,
  },
  { name: '6.1', suite: 'bookworm', also: 'Debian 12' },
  { name: '6.12', suite: 'trixie', also: 'Debian 13, RHEL 10' },
  { name: '7.2', suite: 'sid', also: 'the newest of Debian' },
];
