/** The tracing file system, where the machine has mounted it, else through a mount of netdoctor's own that no mount table shows. */
import { accessSync, statfsSync } from 'node:fs';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import { errnoName, libc } from './libc.ts';

const TRACEFS_MAGIC = 0x74726163;
const PLACES = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** fsopen(2), fsconfig(2), fsmount(2): the same numbers on every architecture. */
const SYS_fsopen = 430;
const SYS_fsconfig = 431;
const SYS_fsmount = 432;
const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 1;

let detached: string | undefined;

/** Path of a tracefs: the machine's, or a detached mount that goes with this process. */
export function tracefs(): Answer<string> {
  const source = ['mount', '-t', 'tracefs'];
  for (const place of PLACES) {
    try {
      if (statfsSync(place).type === TRACEFS_MAGIC) {
        accessSync(`${place}/instances`);
        return known(place, source);
      }
    } catch {
      // Not here.
    }
  }
  if (detached) return known(detached, source);
  const c = libc();
  const context = c.syscall3(SYS_fsopen, 'tracefs', FSOPEN_CLOEXEC, 0);
  if (context < 0) return refused('fsopen', c.errno());
  try {
    if (c.syscall5(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, null, null, 0) < 0)
      return refused('fsconfig', c.errno());
    const mount = c.syscall5(SYS_fsmount, context, FSMOUNT_CLOEXEC, null, null, 0);
    if (mount < 0) return refused('fsmount', c.errno());
    // Named by process id, not `self`: a child reads the trace through it too.
    detached = `/proc/${process.pid}/fd/${mount}`;
    return known(detached, source);
  } finally {
    c.close(context);
  }

  function refused(call: string, errno: number): Answer<string> {
    const name = errnoName(errno);
    const because = name === 'EPERM' || name === 'EACCES' ? 'no-permission' : 'unsupported';
    return notKnown(because, `tracefs is not mounted and ${call} says ${name}`, source);
  }
}
