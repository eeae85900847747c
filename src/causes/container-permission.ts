import { setSysctls } from '../fixes/sysctl.ts';
import { NOTHING, refuted } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { fromState } from '../words/telling.ts';

const EVERYBODY = '0 2147483647';

/** An empty range: nobody may open a ping socket (`1 0` is how the kernel starts). */
function forbidsPing(range: string | null): boolean {
  const [low, high] = (range ?? EVERYBODY).trim().split(/\s+/).map(Number);
  return low !== undefined && high !== undefined && low > high;
}

export default cause({
  id: 'container-permission',
  title: 'The process may not send this at all',
  explain: `The kernel refuses the socket or the send with "Operation not permitted" or "Permission denied", although no
firewall rule and no route forbids it: the process lacks the capability NET_RAW and the namespace's ping_group_range is
empty, or a seccomp profile, AppArmor or SELinux stands in the way. TCP may work where ping does not.

\`getpcaps PID\`, \`sysctl net.ipv4.ping_group_range\` inside the container and \`ausearch -m avc\` on the host show which of
them it is.`,
  needs: ['process'],
  examine(scene) {
    const { symptom, flow, path, target } = scene;
    const isRefused = symptom.kind === 'not-sent' && /^(EPERM|EACCES)$/.test(symptom.errno ?? '');
    if (!isRefused || flow.from !== 'container' || path.sourceRoute.refusal !== null) return null;
    if (path.sourceRoute.type === 'broadcast' || refuted(scene, NOTHING)) return null;
    const { process } = scene;
    const range = process.pingGroupRange;
    const isRaw = process.capabilities.some((one) => /net_raw$/i.test(one));
    const ping = flow.proto === 'icmp' && !isRaw && forbidsPing(range);
    return {
      sure: ping ? 'proved' : 'supported',
      what: ping ? 'the container may not ping' : `the container may not send this: ${symptom.errno}`,
      why: ping
        ? 'It has no NET_RAW capability, and net.ipv4.ping_group_range allows nobody to open a ping socket.'
        : `The kernel refused the send with ${symptom.errno}, and neither a route, a firewall rule nor a program attached to its control group explains it. netdoctor's probe is under none of the container's own limits (capabilities, seccomp, label).`,
      do: ping
        ? 'Let every group ping, or give the container the capability NET_RAW.'
        : 'Look for programs of the kernel that decide (bpftool prog show), and into the log of AppArmor or SELinux; then at what limits the process itself.',
      fixes:
        ping && range
          ? [
              setSysctls(
                [
                  {
                    key: 'net.ipv4.ping_group_range',
                    value: EVERYBODY,
                    before: range.trim().replace(/\s+/, ' '),
                  },
                ],
                target.netns,
                { title: 'Let every group of the container ping', risk: 'safe' },
              ),
            ]
          : [],
      evidence: [
        fromState(
          `capabilities: ${process.capabilities.join(', ') || 'none'}; seccomp mode ${process.seccomp ?? 'unknown'}${process.noNewPrivileges ? ' with no_new_privs' : ''}; label ${process.label ?? 'none'}`,
          ['cat', `/proc/${target.pid ?? 'PID'}/status`],
        ),
      ],
    };
  },
});
