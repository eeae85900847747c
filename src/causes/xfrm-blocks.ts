import { confirmed, refuted } from '../kernel/drops.ts';
import { within } from '../kernel/nat.ts';
import { cause } from '../model/cause.ts';
import type { XfrmPolicy } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const DROPPED = /^(XFRM_\w+|xfrm_\w+)$/;

function covers(prefix: string, address: string | null): boolean {
  if (address === null) return false;
  try {
    return within(address, prefix.includes('/') ? prefix : `${prefix}/${prefix.includes(':') ? 128 : 32}`);
  } catch {
    return false;
  }
}

/** Policies that select the lost packets: block, or ask for a transformation. */
function selecting(scene: Scene, policies: readonly XfrmPolicy[]): XfrmPolicy[] {
  const { path, place } = scene;
  const ends = [path.sourceAddress, path.realDestination] as const;
  const [from, to] = place?.direction === 'reply' ? [ends[1], ends[0]] : ends;
  return policies.filter(
    (one) =>
      covers(one.source, from) && covers(one.destination, to) && (one.action === 'block' || one.template),
  );
}

/** A blocking policy has no secrets, so that it can be put back word by word. */
function without(policy: XfrmPolicy): Fix[] {
  if (policy.action !== 'block' || policy.template) return [];
  const words = ['src', policy.source, 'dst', policy.destination, 'dir', policy.direction];
  return [
    {
      title: `Remove the policy that blocks ${policy.source} to ${policy.destination}`,
      risk: 'disruptive',
      lasts: 'until the IPsec service sets it again',
      affects: `all traffic from ${policy.source} to ${policy.destination}`,
      apply: [run(['ip', 'xfrm', 'policy', 'delete', ...words])],
      undo: [run(['ip', 'xfrm', 'policy', 'add', ...words, 'action', 'block'])],
    },
  ];
}

export default cause({
  id: 'xfrm-blocks',
  title: 'An IPsec policy blocks it, or its tunnel is down',
  explain: `IPsec policies of the kernel (xfrm) select packets by their addresses. One with the action block drops them; one with a
template sends them through a tunnel, and where that is not up, or the answers come outside of it, they are dropped too.
The host's own packets may pass, since forwarded ones have policies of their own.

A VPN service that ended without cleaning up leaves them. \`ip xfrm policy\` lists them; \`nstat -az XfrmFwdPolBlock
XfrmInNoPols\` counts what they drop.`,
  needs: ['xfrm'],
  over: ['host-route-rejects', 'container-permission', 'no-reply-from-destination'],
  examine(scene) {
    if (scene.place === null || refuted(scene, DROPPED)) return null;
    const found = selecting(scene, scene.xfrm);
    const block = found.find((one) => one.action === 'block');
    const said = confirmed(scene, DROPPED);
    const isRouted =
      scene.place.stage === 'forward' || scene.place.stage === 'deliver' || scene.place.stage === 'send';
    if (!said && !(isRouted && found.length > 0)) return null;
    const policy = block ?? found[0];
    return {
      sure: said ? 'proved' : 'supported',
      what: policy
        ? `an IPsec policy ${policy.action === 'block' ? 'blocks it' : 'wants a tunnel for it'}: ${policy.text}`
        : 'an IPsec policy drops it',
      why: policy
        ? `The policy for ${policy.source} to ${policy.destination} (${policy.direction}) selects the packets${said ? ', and the kernel dropped them there' : ''}.`
        : 'The kernel dropped the packets for an IPsec policy.',
      do: block ? 'Remove the policy, if its service is gone.' : 'Bring the tunnel up, or remove the policy.',
      fixes: block ? without(block) : [],
      evidence: policy ? [fromState(policy.text, ['ip', 'xfrm', 'policy'])] : [],
    };
  },
});
