import { owner } from '../owner.ts';

export default owner({
  name: 'tailscale',
  chains: /^ts-(input|forward|postrouting)$/,
  configuredAt: () => 'tailscale (tailscale debug prefs; tailscale set --netfilter-mode=…)',
});
