import type { Rule } from '../../model/evidence.ts';
import { owner } from '../owner.ts';

/** Its nft chains are `filter_FWD_public_allow`; those of its iptables backend `FWDI_public_allow`. */
const CHAIN =
  /^(?:(?:filter|nat|mangle|raw)_)?(?:IN|OUT|FWD|FWDI|FWDO|PRE|POST)_(policy_)?(.+?)(?:_(?:pre|log|deny|allow|post))?$/;

function place(rule: Rule): string | null {
  const target = /^(?:jump|goto) (\S+)$/.exec(rule.verdict)?.[1];
  for (const chain of [rule.chain, target]) {
    const match = chain === undefined ? null : CHAIN.exec(chain);
    if (match && !/^(POLICIES|ZONES|direct)/.test(match[2]!)) {
      return match[1] ? `firewalld's policy ${match[2]}` : `firewalld's zone ${match[2]}`;
    }
  }
  return null;
}

export default owner({
  name: 'firewalld',
  tables: /^firewalld$/,
  chains:
    /^(IN|OUT|FWDI|FWDO|FWD|PRE|POST)_\w[\w-]*_(pre|log|deny|allow|post)$|^(IN|FWDI|FWDO|PRE|POST)_(public|trusted|docker|libvirt|internal|external|dmz|work|home|block|drop|nm-shared)$|^(INPUT|FORWARD|FORWARD_IN|FORWARD_OUT|OUTPUT|PREROUTING|POSTROUTING)_(ZONES|ZONES_SOURCE|POLICIES_pre|POLICIES_post|direct)$/,
  advice(rule, { proto, port, realPort, destination, bridge }) {
    if (/_dnat$/.test(rule.chain) && port !== null)
      return `firewalld's StrictForwardPorts refuses port forwards that it did not make itself. Make it in firewalld: \`firewall-cmd --add-forward-port=port=${port}:proto=${proto}:toport=${realPort ?? port}:toaddr=${destination}\`, or set \`StrictForwardPorts=no\` in /etc/firewalld/firewalld.conf.`;
    return bridge === null
      ? null
      : `Put ${bridge} into a zone that may forward: \`firewall-cmd --permanent --zone=trusted --add-interface=${bridge}\`, then \`firewall-cmd --reload\`.`;
  },
  rewrites: 'with `firewall-cmd --reload`, and when it starts',
  configuredAt(rule) {
    const where = place(rule);
    if (where?.includes('policy')) return `${where} (firewall-cmd --info-policy=…)`;
    return where
      ? `${where} (firewall-cmd --list-all --zone=…)`
      : 'firewalld (firewall-cmd --list-all-zones)';
  },
});
