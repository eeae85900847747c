/** Taking a BPF program off an interface so that it can be put back. */
import { type Change, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';

/** Keeps the program alive under a name of its own while it is off (bpftool-prog(8)); `/sys/fs/bpf` must be mounted. */
export function pinned(program: number): { path: string; pin: Change; unpin: Change } {
  const path = `/sys/fs/bpf/netdoctor-${program}`;
  return {
    path,
    pin: run(['bpftool', 'prog', 'pin', 'id', String(program), path]),
    unpin: run(['rm', '-f', path]),
  };
}

/** Takes an XDP program off, in the mode in which it is attached. */
export function xdpOff(device: string, mode: string, program: number, netns: Netns | null) {
  const { path, pin, unpin } = pinned(program);
  return {
    apply: [pin, run(['ip', 'link', 'set', 'dev', device, mode, 'off'], netns)],
    undo: [run(['ip', 'link', 'set', 'dev', device, mode, 'pinned', path], netns), unpin],
  };
}
