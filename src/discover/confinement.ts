/** What keeps netdoctor's own process from what root may do: proc_pid_status(5), proc_pid_attr(5), seccomp(2). */
import type { Machine } from '../host/machine.ts';
import { capabilities } from './parse/capabilities.ts';
import { fieldOf, labelIn } from './parse/status.ts';

/** What sending a probe takes: a namespace is entered with the first, a raw socket opened with the second. */
const NEEDED = ['CAP_SYS_ADMIN', 'CAP_NET_RAW'];

/**
 * AppArmor confines where its mode is enforce, SELinux by a type that is not one of the unconfined; a label of Smack
 * alone says nothing of what it may not.
 */
const CONFINES = /\(enforce\)$|^\S+:\S+:(?!unconfined(_service)?_t|spc_t|initrc_t|kernel_t)\w+_t(:|$)/;

/** Each as the end of `it …`; empty where nothing is known to confine it. */
export function confinement(machine: Pick<Machine, 'read'>): string[] {
  const status = machine.read('/proc/self/status');
  const label = machine.read('/proc/self/attr/current');
  const field = (name: string): string | undefined =>
    status.known ? fieldOf(status.value, name) : undefined;
  const effective = field('CapEff');
  const has = effective === undefined ? NEEDED : capabilities(effective);
  const lacking = NEEDED.filter((one) => !has.includes(one));
  const labelled = label.known ? labelIn(label.value) : '';
  const seccomp = field('Seccomp');
  return [
    ...(lacking.length > 0 ? [`lacks ${lacking.join(' and ')}`] : []),
    ...(seccomp === '1' || seccomp === '2' ? [`is under a seccomp filter (Seccomp ${seccomp})`] : []),
    ...(CONFINES.test(labelled) ? [`is confined as ${labelled}`] : []),
    ...(field('NoNewPrivs') === '1' ? ['may get no more rights (NoNewPrivs 1)'] : []),
  ];
}
