import { accepting } from '../fixes/accept.ts';
import { endingHit, surely } from '../kernel/rules.ts';
import { cause } from '../model/cause.ts';
import type { RuleHit } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { ruleName } from '../words/telling.ts';

/** The chains in which runtimes keep networks apart; DOCKER-USER is the administrator's own. */
const RUNTIME =
  /^(DOCKER(?!-USER)|NETAVARK|CNI-ISOLATION|filter-(FORWARD|forward-(in|out)__)|.*ISO(LATION|LATE|\d))/;

/** The two bridges between which it is lost, in the order of the request. */
function bridges(scene: Scene): [string, string] | undefined {
  const names = scene.path.hops
    .filter((hop) => hop.where === 'host' && hop.kind === 'bridge')
    .map((hop) => hop.name);
  const [from, to] = names;
  return from !== undefined && to !== undefined && from !== to ? [from, to] : undefined;
}

/** Docker leaves the chain DOCKER-USER to the administrator, before its own. */
function letPass(
  scene: Scene & { readonly ruleHits: readonly RuleHit[] },
  hit: RuleHit,
  [from, to]: [string, string],
): Fix[] {
  const user = scene.ruleHits.some(
    (one) => one.rule.chain === 'DOCKER-USER' || one.verdict === 'jump DOCKER-USER',
  );
  const chain = user ? 'DOCKER-USER' : 'FORWARD';
  const rewritten = scene.path.realDestination !== scene.flow.address;
  const only = rewritten ? ['-m', 'conntrack', '--ctstate', 'DNAT'] : [];
  return accepting(
    hit.rule,
    [
      { chain, match: ['-i', from, '-o', to, ...only] },
      { chain, match: ['-i', to, '-o', from, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED'] },
    ],
    null,
    {
      title: `Let ${from} reach ${to}`,
      risk: 'disruptive',
      affects: `the isolation of all containers on ${to} from those on ${from}`,
    },
  );
}

export default cause({
  id: 'network-isolation',
  title: 'The runtime keeps the two networks apart',
  explain: `The two ends are containers of different networks, and the runtime isolates networks from each other on purpose. Docker
does so in the chains DOCKER-ISOLATION-STAGE-1 and -2 (DOCKER and DOCKER-FORWARD since 28, the table docker-bridges with
nftables since 29), podman by the option isolate.
A published port of the host is reached the same way from another network when docker-proxy is off.

The remedy is a common network: \`docker network connect NETWORK CONTAINER\`. A rule in DOCKER-USER opens a way as well.`,
  needs: ['ruleHits'],
  over: ['firewall-rule-drop', 'forward-policy-drop'],
  examine(scene) {
    const hit = endingHit(scene);
    const between = bridges(scene);
    if (hit?.side !== 'host' || !between || scene.place?.stage !== 'forward') return null;
    if (hit.rule.number === null || !RUNTIME.test(hit.rule.chain)) return null;
    const [from, to] = between;
    return {
      sure: surely(hit),
      what: `the networks of ${from} and ${to} are kept apart on purpose: ${hit.rule.text}`,
      why: `The packets go from ${from} to ${to}, two networks that the runtime isolates from each other, and ended at ${ruleName(hit.rule)}.`,
      do: 'Connect both containers to one network.',
      owner: hit.rule.owner,
      rule: hit.rule,
      fixes: letPass(scene, hit, between),
    };
  },
});
