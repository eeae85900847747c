/** cgroup2 as a probe needs it: are programs attached, and a socket born inside. bpf(2) BPF_PROG_QUERY, cgroups(7). */
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import { bpfCall } from './bpf.ts';
import { errnoName, libc } from './libc.ts';

const BPF_PROG_QUERY = 16;
const EFFECTIVE = 1;
/** Ingress, egress, socket creation, connect and sendmsg of both families: enum bpf_attach_type. */
const ATTACH_TYPES = [0, 1, 2, 10, 11, 14, 15];

/** Does any BPF program, attached here or above, decide about the sockets of this cgroup? */
export function hasPrograms(cgroup: string): Answer<boolean> {
  const source = ['bpftool', 'cgroup', 'show', cgroup, 'effective'];
  const bpf = bpfCall();
  if (!bpf) return notKnown('unsupported', `bpf(2) is not known on ${process.arch}`, source);
  let fd: number;
  try {
    fd = openSync(cgroup, 'r');
  } catch (error) {
    return notKnown('vanished', `${cgroup}: ${(error as NodeJS.ErrnoException).code}`, source);
  }
  try {
    for (const type of ATTACH_TYPES) {
      const attributes = Buffer.alloc(64);
      attributes.writeUInt32LE(fd, 0);
      attributes.writeUInt32LE(type, 4);
      attributes.writeUInt32LE(EFFECTIVE, 8);
      if (bpf(BPF_PROG_QUERY, attributes) < 0) {
        const errno = errnoName(libc().errno());
        // No room for the ids is an answer too: there are some.
        if (errno === 'ENOSPC') return known(true, source);
        return notKnown(errno === 'EPERM' ? 'no-permission' : 'unsupported', `bpf: ${errno}`, source);
      }
      if (attributes.readUInt32LE(24) > 0) return known(true, source);
    }
    return known(false, source);
  } finally {
    closeSync(fd);
  }
}

/**
 * Runs `work` as a member of the cgroup: a socket belongs to the cgroup its maker was in, for good (sk_cgrp_data).
 * Synchronous, and back at once; what else this process does in that moment is nothing.
 */
export function inCgroup<T>(cgroup: string, work: () => T): T {
  if (isFrozen(cgroup))
    throw Object.assign(new Error(`${cgroup} is frozen`), { code: 'EBUSY', syscall: 'cgroup' });
  const own = readFileSync('/proc/self/cgroup', 'utf8').match(/^0::(.*)$/m)?.[1] ?? '/';
  const mount = mountOf(cgroup);
  writeFileSync(`${cgroup}/cgroup.procs`, String(process.pid));
  try {
    return work();
  } finally {
    writeFileSync(`${mount}${own === '/' ? '' : own}/cgroup.procs`, String(process.pid));
  }
}

/** Whoever enters a frozen one stands still until somebody thaws it, and hears no signal but SIGKILL. cgroups(7). */
function isFrozen(cgroup: string): boolean {
  try {
    const own = readFileSync(`${cgroup}/cgroup.freeze`, 'latin1').trim() === '1';
    return own || /^frozen 1$/m.test(readFileSync(`${cgroup}/cgroup.events`, 'latin1'));
  } catch {
    // The root has neither, and is never frozen; nor has a kernel before 5.2.
    return false;
  }
}

/** The mount point of the cgroup2 that holds this directory: the longest of them that begins its path. */
function mountOf(cgroup: string): string {
  const points = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(' - cgroup2 '))
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => cgroup === point || cgroup.startsWith(`${point}/`));
  return points.sort((a, b) => b.length - a.length)[0] ?? '/sys/fs/cgroup';
}
