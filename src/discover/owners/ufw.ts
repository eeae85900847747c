import { owner } from '../owner.ts';

export default owner({
  name: 'ufw',
  chains: /^ufw6?-/,
  configuredAt(rule) {
    const six = rule.chain.startsWith('ufw6') ? '6' : '';
    if (/^ufw6?-user-/.test(rule.chain)) return 'ufw (ufw status numbered, ufw route …)';
    if (/^ufw6?-before-/.test(rule.chain)) return `/etc/ufw/before${six}.rules`;
    if (/^ufw6?-after-/.test(rule.chain)) return `/etc/ufw/after${six}.rules`;
    return 'ufw (ufw status verbose; DEFAULT_FORWARD_POLICY in /etc/default/ufw)';
  },
});
