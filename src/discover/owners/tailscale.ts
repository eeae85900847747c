import { owner } from '../owner.ts';

export default owner({
  name: 'tailscale',
  chains: /^ts-(input|forward|postrouting)$/,
  configuredAt: () => 'tailscale (tailscale debug prefs; tailscale set --netfilter-mode=…)',
  // ipn/ipnlocal, util/linuxfw: stateful filtering drops what nobody behind the tailnet asked for; the CGNAT range is
  // taken for the tailnet's own, whoever else uses it.
  advice(rule) {
    if (/ctstate|ct state/.test(rule.text))
      return 'Turn its stateful filtering off: `tailscale set --stateful-filtering=false`.';
    if (/100\.64\.0\.0\/10/.test(rule.text))
      return 'Tailscale takes all of 100.64.0.0/10 for the tailnet: give the network a range outside it, or have Tailscale write no such rules with `tailscale set --netfilter-mode=nodivert` (its chains stay, and you call them) or `=off`.';
    return 'Have it write fewer rules with `tailscale set --netfilter-mode=nodivert`, or none with `=off`.';
  },
  rewrites: 'when tailscaled starts, and when its preferences or the links of the host change',
  marks: [
    { value: 0x40000, mask: 0xff0000, is: "Tailscale's mark of what came from the tailnet" },
    { value: 0x80000, mask: 0xff0000, is: "Tailscale's mark of its own encrypted packets" },
  ],
});
