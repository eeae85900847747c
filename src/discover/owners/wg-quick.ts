import { owner } from '../owner.ts';

export default owner({
  name: 'wg-quick',
  tables: /^wg-quick-/,
  comments: /^wg-quick\(8\) rule for /,
  advice: (rule) =>
    /saddr|daddr|-d |-s /.test(rule.text)
      ? "It keeps others from sending to the tunnel's own address: `Table = off` with rules of your own in `PostUp`, or an exception in `PreUp`, leaves it to you."
      : 'Set `FwMark` in the .conf to a mark that nobody else uses, or `FwMark = off` with `Table = off`.',
  rewrites: 'with each `wg-quick up`',
  marks: [
    {
      value: 0xca6c,
      mask: 0xffffffff,
      is: "wg-quick's FwMark (51820), set by `FwMark =` in the tunnel's .conf",
    },
  ],
  configuredAt(rule) {
    const device = /^wg-quick-(.+)$/.exec(rule.table)?.[1] ?? /rule for ([^\s"]+)/.exec(rule.text)?.[1];
    return device === undefined
      ? '/etc/wireguard'
      : `/etc/wireguard/${device}.conf (AllowedIPs, Table, FwMark)`;
  },
});
