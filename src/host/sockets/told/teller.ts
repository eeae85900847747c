import type { KernelTold } from '../../kernel-told.ts';

/** How one thing is asked of the kernel. */
export interface Teller<W extends keyof KernelTold> {
  /** What shows the same by hand. */
  readonly source: readonly string[];
  /** NETLINK_* that the socket speaks. */
  readonly protocol: number;
  /** Null where the kernel refuses to tell. Synchronous. */
  tell(fd: number, asked: KernelTold[W]['asked']): KernelTold[W]['told'] | null;
}
