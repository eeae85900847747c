import { known, notKnown } from '../../model/answer.ts';
import { plain } from '../../words/text.ts';
import { fact } from '../fact.ts';
import { capabilities } from '../parse/capabilities.ts';

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

/** Credentials and surroundings of the container's first process. Source: proc_pid_status(5). */
export default fact({
  name: 'process',
  gather(machine, { target }) {
    if (target.pid === null) return notKnown('not-asked', 'the namespace is no process of its own', []);
    const file = `/proc/${target.pid}/status`;
    const status = machine.read(file);
    if (!status.known) return status;
    const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)$`, 'm').exec(status.value)?.[1];
    const environ = machine.read(`/proc/${target.pid}/environ`);
    const range = machine.read(
      '/proc/sys/net/ipv4/ping_group_range',
      target.hostNetwork ? null : target.netns,
    );
    const effective = field('CapEff');
    if (effective === undefined)
      return notKnown('unreadable', `${file} names no capabilities`, status.source);
    const seccomp = field('Seccomp');
    return known(
      {
        capabilities: capabilities(effective),
        seccomp: seccomp === undefined ? null : Number(seccomp),
        proxies: environ.known ? proxiesIn(environ.value) : {},
        pingGroupRange: range.known ? range.value.trim().replace(/\s+/g, ' ') : null,
      },
      status.source,
    );
  },
});
