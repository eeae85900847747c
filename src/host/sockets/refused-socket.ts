/** A socket that the kernel would not give: whoever sends from it hears why, as the program that asked would. */
import type { ProbeSocket } from '../machine.ts';

/** What the machine lacks for everybody: files, memory, a family of addresses. socket(2) */
const LACKING = /^(ENFILE|ENOBUFS|ENOMEM|EAFNOSUPPORT|EPROTONOSUPPORT|ESOCKTNOSUPPORT)$/;
const FORBIDDEN = /^(EPERM|EACCES)$/;

/**
 * Is this refusal news of those who were asked about, and not of netdoctor's own rights? It is where a control group was
 * entered, of which a program may have said no, and where the machine lacks something for everybody.
 */
export const isOfTheAsked = (errno: string, cgroup: string | undefined): boolean =>
  LACKING.test(errno) || (cgroup !== undefined && FORBIDDEN.test(errno));

export const refusedSocket = (errno: string): ProbeSocket => ({
  localPort: null,
  localAddress: null,
  send: () => errno,
  write: () => errno,
  only: () => {},
  lost: () => 0,
  look: () => {},
  close: () => {},
});
