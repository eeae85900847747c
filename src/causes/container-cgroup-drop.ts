import { confirmed, refuted } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import type { CgroupProgram } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';

const EGRESS = /^BPF_CGROUP_EGRESS$/;
const INGRESS = /^(SOCKET_FILTER|sk_filter_trim_cap)$/;
const NETWORK = /^(ingress|egress|connect[46]|sendmsg[46]|sock_create|(post_)?bind[46])$/;

/**
 * `egress` for `cgroup_inet_egress`, `connect4` for `cgroup_inet4_connect`: bpftool says the long name since libbpf 1.0, and
 * every bpftool takes the short one.
 */
function attachType({ attach }: CgroupProgram): string {
  const [, family = '', what] = /^cgroup_(?:inet|udp)([46])?_(\w+)$/.exec(attach) ?? [];
  return what ? `${what}${family}` : attach.replace(/^cgroup_/, '');
}

/** Detaches it; a pin keeps it loaded, so that it can be attached again. */
function detach(program: CgroupProgram): Fix {
  const pin = `/sys/fs/bpf/netdoctor-${program.id}`;
  const type = attachType(program);
  const { cgroup } = program;
  return {
    title: `Detach program ${program.id} from ${cgroup}`,
    risk: 'disruptive',
    lasts: 'until the service or container is started again',
    affects: `every process in ${cgroup}`,
    apply: [
      run(['bpftool', 'prog', 'pin', 'id', String(program.id), pin]),
      run(['bpftool', 'cgroup', 'detach', cgroup, type, 'pinned', pin]),
    ],
    undo: [
      run(['bpftool', 'cgroup', 'attach', cgroup, type, 'pinned', pin, ...(program.flags?.split(',') ?? [])]),
      run(['rm', pin]),
    ],
  };
}

export default cause({
  id: 'container-cgroup-drop',
  title: "A program attached to the container's cgroup drops it",
  explain: `A BPF program on the container's control group sees each packet of its sockets, and this one says no. Outgoing
packets end before any interface shows them, often with "Operation not permitted"; incoming ones are seen on the
container's interface and never reach its socket. No firewall rule is involved.

systemd attaches such programs for \`IPAddressDeny=\`; security agents do so too. \`bpftool cgroup tree\` and
\`systemctl show -p IPAddressDeny UNIT\` show them.`,
  needs: ['cgroup'],
  ofData: true,
  over: ['send-refused', 'container-permission', 'firewall-rule-drop', 'no-reply-from-destination'],
  examine(scene) {
    const { place, symptom } = scene;
    const isOpen = symptom.errno === 'EPERM' || symptom.kind === 'undelivered' || confirmed(scene, EGRESS);
    if (!isOpen) return null;
    const programs = scene.cgroup.filter((program) => NETWORK.test(attachType(program)));
    const outward = programs.filter((program) => !/ingress$/.test(program.attach));
    const inward = programs.filter((program) => /ingress$/.test(program.attach));
    const egress =
      confirmed(scene, EGRESS) ||
      (symptom.errno === 'EPERM' && outward.length > 0 && !refuted(scene, EGRESS));
    const ingress = symptom.kind === 'undelivered' && inward.length > 0 && !refuted(scene, INGRESS);
    if (!egress && !ingress) return null;
    if (egress && place !== null && place.stage !== 'send' && place.stage !== 'deliver') return null;
    const suspects = egress ? outward : inward;
    const only = suspects.length === 1 ? suspects[0] : undefined;
    const cgroup = suspects[0]?.cgroup ?? "the container's cgroup";
    const owner = /\.(service|scope|slice|socket)$/.test(cgroup) ? 'systemd' : null;
    return {
      sure: confirmed(scene, egress ? EGRESS : INGRESS) ? 'proved' : 'supported',
      what: `a program attached to ${cgroup} drops what ${egress ? 'leaves' : 'enters'} the container`,
      why: egress
        ? 'The kernel ended the packets in a cgroup program before any interface saw them.'
        : "The answer reached the container's interface, and a cgroup program kept it from the socket.",
      do:
        owner === 'systemd'
          ? 'Look at IPAddressDeny= and IPAddressAllow= of the unit, or detach the program.'
          : 'Ask whoever attached the program, or detach it.',
      owner,
      fixes: only ? [detach(only)] : [],
      evidence: suspects.map((program) =>
        fromState(`program ${program.id} ${program.name} (${program.attach}) on ${program.cgroup}`, [
          'bpftool',
          'cgroup',
          'show',
          program.cgroup,
        ]),
      ),
    };
  },
});
