import type { Guest } from './guest.ts';
import qemu from './guests/qemu.ts';
import uml from './guests/uml.ts';

/** Every kind of guest. */
export const guests: readonly Guest[] = [uml, qemu];
