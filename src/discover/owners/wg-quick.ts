import { owner } from '../owner.ts';

export default owner({
  name: 'wg-quick',
  tables: /^wg-quick-/,
  comments: /^wg-quick\(8\) rule for /,
  configuredAt(rule) {
    const device = /^wg-quick-(.+)$/.exec(rule.table)?.[1] ?? /rule for ([^\s"]+)/.exec(rule.text)?.[1];
    return device === undefined
      ? '/etc/wireguard'
      : `/etc/wireguard/${device}.conf (AllowedIPs, Table, FwMark)`;
  },
});
