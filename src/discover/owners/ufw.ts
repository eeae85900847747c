import { owner } from '../owner.ts';

export default owner({
  name: 'ufw',
  chains: /^ufw6?-/,
  advice(rule, { proto, realPort, destination, ingress, egress }) {
    const port = realPort === null ? '' : ` port ${realPort}`;
    const kind = proto === 'tcp' || proto === 'udp' ? ` proto ${proto}` : '';
    if (/forward/.test(rule.chain) && ingress && egress)
      return `Allow the route: \`ufw route allow in on ${ingress} out on ${egress} to ${destination}${port}${kind}\`.`;
    if (/input/.test(rule.chain) && ingress)
      return `Allow it in: \`ufw allow in on ${ingress} to any${port}${kind}\`.`;
    return /output/.test(rule.chain)
      ? `Allow it out: \`ufw allow out to ${destination}${port}${kind}\`.`
      : null;
  },
  rewrites: 'with `ufw reload`, and at boot',
  configuredAt(rule) {
    const six = rule.chain.startsWith('ufw6') ? '6' : '';
    if (/^ufw6?-user-/.test(rule.chain)) return 'ufw (ufw status numbered, ufw route …)';
    if (/^ufw6?-before-/.test(rule.chain)) return `/etc/ufw/before${six}.rules`;
    if (/^ufw6?-after-/.test(rule.chain)) return `/etc/ufw/after${six}.rules`;
    return 'ufw (ufw status verbose; DEFAULT_FORWARD_POLICY in /etc/default/ufw)';
  },
});
