import { owner } from '../owner.ts';

export default owner({
  name: 'nixos',
  tables: /^nixos-/,
  chains: /^nixos-(fw|nat|drop)/,
  configuredAt: () => 'networking.firewall and networking.nat of configuration.nix (nixos-rebuild switch)',
});
