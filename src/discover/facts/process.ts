import { known, notKnown } from '../../model/answer.ts';
import { plain } from '../../words/text.ts';
import { fact } from '../fact.ts';
import { capabilities } from '../parse/capabilities.ts';
import { fieldOf, groupsOf, labelIn } from '../parse/status.ts';

const PROXY = /^((?:https?|ftp|all|no)_proxy)=(.+)$/i;

/** Proxy settings of an environment block; a user name and password in them are nobody's business. */
export function proxiesIn(environ: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const variable of environ.split('\0')) {
    const [, name, value] = PROXY.exec(variable) ?? [];
    if (name !== undefined && value !== undefined)
      found[name] = plain(value.replace(/\/\/[^@/]*@/, '//***@'));
  }
  return found;
}

/** Is one of the groups of the process in the range? Both ends belong to it; `1 0` holds nobody. icmp(7) */
export function isInRange(status: string, range: string): boolean {
  const [low = 1, high = 0] = range.trim().split(/\s+/).map(Number);
  const gid = /^Gid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  const groups = [...(gid === undefined ? [] : [Number(gid)]), ...groupsOf(status)];
  return groups.some((one) => one >= low && one <= high);
}

/** Credentials and surroundings of the container's first process. Source: proc_pid_status(5). */
export default fact({
  name: 'process',
  gather(machine, { target }) {
    if (target.pid === null) return notKnown('not-asked', 'the namespace is no process of its own', []);
    const file = `/proc/${target.pid}/status`;
    const status = machine.read(file);
    if (!status.known) return status;
    const field = (name: string) => fieldOf(status.value, name);
    const environ = machine.read(`/proc/${target.pid}/environ`);
    const range = machine.read(
      '/proc/sys/net/ipv4/ping_group_range',
      target.hostNetwork ? null : target.netns,
    );
    const effective = field('CapEff');
    if (effective === undefined)
      return notKnown('unreadable', `${file} names no capabilities`, status.source);
    const seccomp = field('Seccomp');
    // A program that a user starts may have more than he has (setuid, capabilities of its file), and no more than this.
    const bounding = field('CapBnd');
    const raw = bounding === undefined ? null : capabilities(bounding).includes('CAP_NET_RAW');
    const label = machine.read(`/proc/${target.pid}/attr/current`);
    const labelled = label.known ? labelIn(label.value) : '';
    return known(
      {
        capabilities: capabilities(effective),
        seccomp: seccomp === undefined ? null : Number(seccomp),
        ...(field('NoNewPrivs') === '1' ? { noNewPrivileges: true } : {}),
        proxies: environ.known ? proxiesIn(environ.value) : {},
        mayPing: raw === null || !range.known ? null : raw || isInRange(status.value, range.value),
        label: labelled === '' ? null : labelled,
        pingGroupRange: range.known ? range.value.trim().replace(/\s+/g, ' ') : null,
      },
      status.source,
    );
  },
});
