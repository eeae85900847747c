import { droppedBy } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { run } from '../model/fix.ts';
import { isAt } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const COUNT = 'net.netfilter.nf_conntrack_count';
const MAX = 'net.netfilter.nf_conntrack_max';

export default cause({
  id: 'conntrack-full',
  title: 'The connection-tracking table is full',
  explain: `For each flow the kernel keeps an entry. When as many exist as nf_conntrack_max allows, the first packet of every new
flow is dropped before any rule sees it, on the whole host; flows that exist go on. The kernel's log says
"nf_conntrack: table full, dropping packet".

Many short connections, a scan, or a limit that was set for a smaller machine bring it about.

By hand: \`sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max\` and \`conntrack -S\`.`,
  needs: ['conntrack'],
  examine(scene) {
    if (!isAt(scene, 'send', 'port', 'bridge', 'forward', 'deliver')) return null;
    const dropped = droppedBy(scene, /^(nf_hook_slow|nf_hook_slow_list|nf_conntrack_in)$/);
    if (dropped === false) return null;
    const { count, max } = scene.conntrack;
    // Entries end all the time: a table that was full is still nearly so a moment later.
    if (count === null || max === null || max === 0 || count < max * 0.97) return null;
    return {
      sure: dropped ? 'proved' : 'supported',
      what: `the connection-tracking table is full: ${count} of ${max} entries`,
      why: 'The kernel drops the first packet of every new flow when it has no room to remember it.',
      do: 'Allow more entries, and find out what makes so many.',
      fixes: [
        {
          title: 'Allow twice as many entries',
          risk: 'safe',
          lasts: 'until reboot, or until something writes the sysctl again',
          affects: 'memory: about 320 bytes for each entry that comes to exist',
          apply: [run(['sysctl', '-w', `${MAX}=${max * 2}`])],
          undo: [run(['sysctl', '-w', `${MAX}=${max}`])],
          persist: [
            {
              file: '/etc/sysctl.d/90-netdoctor.conf',
              before: null,
              after: `${MAX} = ${max * 2}\n`,
              mode: '0644',
            },
          ],
        },
      ],
      evidence: [fromState(`${COUNT} = ${count}, ${MAX} = ${max}`, ['sysctl', COUNT, MAX])],
    };
  },
});
