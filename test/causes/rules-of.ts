/** Rules for scenes: from iptables-save text, from nft lines, and the lab's own set. */
import type { Rule } from '../../src/model/evidence.ts';
import type { Lab } from './scene.ts';

const BUILT_IN = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** `*nat` and `-A CHAIN …` lines, as iptables-save prints them. */
export function iptables(text: string, family: 'ip' | 'ip6' = 'ip'): Rule[] {
  const count = new Map<string, number>();
  let table = 'filter';
  return text
    .trim()
    .split('\n')
    .flatMap((raw) => {
      const line = raw.trim();
      if (line.startsWith('*')) table = line.slice(1);
      if (!line.startsWith('-A ')) return [];
      const chain = line.split(' ')[1] as string;
      const number = (count.get(`${table} ${chain}`) ?? 0) + 1;
      count.set(`${table} ${chain}`, number);
      const target = /-j (\S+)/.exec(line)?.[1]?.toLowerCase() ?? 'continue';
      return [
        {
          engine: 'iptables-nft',
          family,
          table,
          chain,
          hook: BUILT_IN.test(chain) ? chain.toLowerCase() : null,
          number,
          handle: null,
          text: line,
          verdict: target,
          owner: /^DOCKER/.test(chain) ? 'docker' : null,
        } as const,
      ];
    });
}

export const nft = (text: string, about: Partial<Rule> = {}): Rule => ({
  engine: 'nft',
  family: 'ip',
  table: 'mine',
  chain: 'c',
  hook: 'prerouting',
  number: 1,
  handle: 7,
  text,
  verdict: /drop|queue|accept/.exec(text)?.[0] ?? 'continue',
  owner: null,
  ...about,
});

/** What Docker 28 writes for the lab: one published port, two networks that are masqueraded. */
export const DOCKER = `
*raw
-A PREROUTING -d 10.88.0.2/32 ! -i br0 -j DROP
*filter
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o br0 -j DOCKER
-A FORWARD -i br0 -j ACCEPT
-A DOCKER -d 10.88.0.2/32 ! -i br0 -o br0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER ! -i br0 -o br0 -j DROP
*nat
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE
-A POSTROUTING -m addrtype --src-type LOCAL -o br0 -j MASQUERADE
-A DOCKER -p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.88.0.2:80
`;

/** The lab with these rules on its host. */
export function withRules(lab: Lab, text: string): Lab {
  lab.firewall.host = iptables(text) as Lab['firewall']['host'];
  return lab;
}

/** `text` without the lines that contain `word`. */
export const without = (text: string, word: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes(word))
    .join('\n');
