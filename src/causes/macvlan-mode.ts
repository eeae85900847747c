import { NO_FILTER } from '../kernel/drops.ts';
import { type Child, childHolding, childOf, modeOf } from '../kernel/parents.ts';
import { type Unheard, unheard } from '../kernel/source-mode.ts';
import { type Claim, cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Netns } from '../model/netns.ts';
import type { Scene } from '../model/scene.ts';
import { linkNamed } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';
import { list } from '../words/text.ts';

const APART = ['private', 'vepa'];

/** One fix for all of them: a single one in the wrong mode is enough to keep them apart. */
function bridgeMode(children: readonly (Child & { readonly netns: Netns | null })[]): Fix {
  const set = (child: Child & { readonly netns: Netns | null }, mode: string) =>
    run(['ip', 'link', 'set', 'dev', child.link.name, 'type', 'macvlan', 'mode', mode], child.netns);
  return {
    title: `Let ${list(children.map(({ link }) => link.name))} talk to siblings (mode bridge)`,
    risk: 'safe',
    lasts: 'until the container is started again',
    affects: 'containers on the same parent interface may then reach it',
    apply: children.map((child) => set(child, 'bridge')),
    undo: children.map((child) => set(child, modeOf(child.link) ?? 'private')),
  };
}

/** Both ends, when they are macvlan interfaces of one parent. */
function siblings(scene: Scene): { own: Child; far: Child } | undefined {
  const { stacks, path, flow } = scene;
  const own =
    flow.from === 'container'
      ? childOf(scene, linkNamed(stacks.container, path.sourceRoute.dev))
      : childHolding(scene, stacks.container, flow.address);
  const far =
    flow.from === 'container'
      ? childHolding(scene, stacks.other, flow.address)
      : childOf(scene, linkNamed(stacks.other ?? stacks.container, path.sourceRoute.dev));
  return own && far && own.link !== far.link && own.parent.ifindex === far.parent.ifindex
    ? { own, far }
    : undefined;
}

/** Answers came as far as the parent. Which senders are on the list was not read, so nothing is put there that an undo could take. */
const tellOf = ({ child: { link, parent }, sender }: Unheard, netns: Netns | null): Claim => ({
  sure: 'supported',
  what: `the macvlan mode source of ${link.name} keeps from it what ${sender ?? 'a sender it was not told of'} sends`,
  why: `Answers for ${link.name} came in by ${parent.name} and were not handed to it: in mode source it takes frames only from the hardware addresses on its list.`,
  do: `Put the sender on its list (ip link set dev ${link.name} type macvlan macaddr add ${sender ?? 'MAC'}), or use mode bridge.`,
  evidence: [
    fromStateIn(netns, `${link.name} is in mode source`, ['ip', '-d', 'link', 'show', 'dev', link.name]),
  ],
});

export default cause({
  id: 'macvlan-mode',
  title: 'The macvlan mode keeps frames from its interface',
  explain: `Macvlan interfaces of one parent talk to each other directly only in mode bridge. In mode private they never do; in mode
vepa every frame goes out to the switch, which must send it back (a "reflective relay"), and few do.

Both ends reach the rest of the network, and not each other. An interface in mode source takes frames only from the hardware
addresses that it was told (\`macaddr\` of ip-link(8)): what others send to it ends on the parent.

By hand: \`ip -d link show dev IFACE\` in each container: "macvlan mode private".`,
  needs: [],
  explains: NO_FILTER,
  over: ['neighbour-absent', 'neighbour-unanswered', 'no-reply-from-destination'],
  examine(scene) {
    if (scene.symptom.kind === 'answered') return null;
    const both = siblings(scene);
    if (!both) {
      const missed = unheard(scene);
      return missed ? tellOf(missed, scene.target.netns) : null;
    }
    const { own, far } = both;
    const apart = [own, far].find(({ link }) => APART.includes(modeOf(link) ?? ''));
    if (!apart) return null;
    const netnsFor = (child: Child) =>
      child === own ? scene.target.netns : (scene.stacks.other?.netns ?? null);
    return {
      sure: 'supported',
      what: `the macvlan mode ${modeOf(apart.link)} of ${apart.link.name} keeps the two apart`,
      why: `Both hang from ${own.parent.name}, and only interfaces in mode bridge hand frames to each other.`,
      do: 'Use mode bridge for both.',
      fixes: [
        bridgeMode(
          [own, far]
            .filter(({ link }) => APART.includes(modeOf(link) ?? ''))
            .map((child) => ({ ...child, netns: netnsFor(child) })),
        ),
      ],
      evidence: [
        fromStateIn(netnsFor(apart), `${apart.link.name} is in mode ${modeOf(apart.link)}`, [
          'ip',
          '-d',
          'link',
          'show',
          'dev',
          apart.link.name,
        ]),
      ],
    };
  },
});
