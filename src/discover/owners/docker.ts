import type { Rule } from '../../model/evidence.ts';
import { shellLine } from '../../words/text.ts';
import { owner } from '../owner.ts';

/** A bridge that Docker named itself; `br-` and twelve digits of the network's id. */
const BRIDGE = '(docker0|docker_gwbridge|br-[0-9a-f]{12})';

/** The lines dockerd writes into chains that are not its own (20.10 to 29). */
const LINES: readonly RegExp[] = [
  new RegExp(`^-A FORWARD -o ${BRIDGE} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT$`),
  new RegExp(`^-A FORWARD -i ${BRIDGE} ! -o \\1 -j ACCEPT$`),
  new RegExp(`^-A FORWARD -i ${BRIDGE} -o \\1 -j (?:ACCEPT|DROP)$`),
  new RegExp(`^-A POSTROUTING -s \\S+ ! -o ${BRIDGE} -j MASQUERADE$`),
  new RegExp(`^-A POSTROUTING -o ${BRIDGE} -m addrtype --src-type LOCAL -j MASQUERADE$`),
  /^-A POSTROUTING -s (\S+) -d \1 -p (tcp|udp|sctp) -m \2 --dport \d+ -j MASQUERADE$/,
  new RegExp(`^-A PREROUTING -d \\S+ ! -i ${BRIDGE} (?:-p \\S+ -m \\S+ --dport \\d+ )?-j DROP$`),
  // A port published on loopback is for this host alone.
  /^-A PREROUTING -d 127\.\S+ ! -i lo -p (tcp|udp|sctp) -m \1 --dport \d+ -j DROP$/,
];

/** The network of a bridge: `docker network inspect` takes the digits for its id. */
function networkIn(rule: Rule): string | null {
  const bridge = new RegExp(`(?<![\\w-])${BRIDGE}(?![\\w-])`).exec(rule.text)?.[1];
  if (bridge === undefined) return null;
  return bridge === 'docker0' ? 'bridge' : bridge.replace(/^br-/, '');
}

export default owner({
  name: 'docker',
  tables: /^docker-bridges$/,
  // What is in DOCKER-USER was put there by a person: that is what the chain is for.
  chains: /^DOCKER(?!-USER$)([-_].+)?$/,
  wrote: (rule) =>
    rule.verdict === 'jump DOCKER-USER' ||
    (rule.hook !== null && rule.number !== null && LINES.some((line) => line.test(rule.text))),
  // docker network create: bridge driver options; dockerd's packet-filtering pages, 27 and 28.
  advice(rule, { port }) {
    if (/-A PREROUTING -d \S+ ! -i /.test(rule.text) || /-i \S+ -o|! -i \S+ -o/.test(rule.text))
      return `Docker lets in from outside what is published: publish the port (\`-p ${port ?? 'PORT'}:…\`), or make the network with \`--opt com.docker.network.bridge.gateway_mode_ipv4=routed\` (or \`nat-unprotected\`).`;
    if (/ISOLATION/.test(rule.chain))
      return 'Join both containers to one network (`docker network connect`), or let this traffic through in DOCKER-USER.';
    return 'Let it pass in DOCKER-USER, which Docker calls first and never changes; with `"iptables": false` in daemon.json Docker writes no rules at all.';
  },
  rewrites: 'when dockerd starts, and when a network or container of it does',
  configuredAt(rule) {
    const network = networkIn(rule);
    return network === null
      ? 'the options of the Docker network and /etc/docker/daemon.json; rules of your own belong in the chain DOCKER-USER'
      : `the Docker network ${network} (${shellLine(['docker', 'network', 'inspect', network])}); rules of your own belong in the chain DOCKER-USER`;
  },
});
