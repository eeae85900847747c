import { keepSysctls, setSysctls } from '../fixes/sysctl.ts';
import { confirmed, refuted } from '../kernel/drops.ts';
import { cause } from '../model/cause.ts';
import { fromState } from '../words/telling.ts';

const FULL = /^NEIGH_CREATEFAIL$/;

export default cause({
  id: 'neighbour-table-full',
  title: 'The neighbour table is full',
  explain: `The kernel keeps at most gc_thresh3 neighbour entries for each address family, and counts those of all namespaces
together. With more than about a thousand containers the default is reached: new neighbours cannot be entered, and
random new connections fail while the old ones go on.

\`dmesg\` says "neighbor table overflow", and table_fulls in /proc/net/stat/arp_cache grows. The limits can be changed in
the first namespace only.`,
  needs: ['sysctls'],
  over: ['send-refused', 'neighbour-unanswered', 'neighbour-absent', 'container-wrong-gateway'],
  examine(scene) {
    const { family } = scene.flow;
    const keys = [1, 2, 3].map((n) => `net.ipv${family}.neigh.default.gc_thresh${n}`);
    const values = keys.map((key) => Number(scene.sysctls.host[key]));
    const limit = values[2];
    const held = [scene.stacks.container, scene.stacks.host, scene.stacks.other]
      .flatMap((stack) => stack?.neighbours ?? [])
      .filter((one) => one.address.includes(':') === (family === 6)).length;
    const isFull = limit !== undefined && held >= limit;
    const said = confirmed(scene, FULL);
    const refused = scene.symptom.kind === 'not-sent' && scene.symptom.errno === 'ENOBUFS';
    if (!said && !(scene.place !== null && isFull && (refused || !refuted(scene, FULL)))) return null;
    const known = values.every((value) => Number.isFinite(value));
    const settings = keys.map((key, index) => ({
      key,
      value: String(Math.max(1024, values[index]!) * 4),
      before: String(values[index]),
    }));
    return {
      sure: said ? 'proved' : 'supported',
      what: 'the neighbour table is full',
      why: `The kernel could not make a new neighbour entry${isFull ? `: ${keys[2]} is ${limit}, and at least ${held} are in use` : ''}.`,
      do: 'Raise the limits of the neighbour table.',
      fixes: known
        ? [
            setSysctls([settings[0]!, ...settings.slice(1)], null, {
              title: 'Raise the limits of the neighbour table',
              risk: 'safe',
              affects: 'the memory that all namespaces may use for neighbours',
              persist: keepSysctls(settings),
            }),
          ]
        : [],
      evidence: [
        fromState(keys.map((key) => `${key} = ${scene.sysctls.host[key]}`).join(', '), ['sysctl', ...keys]),
      ],
    };
  },
});
