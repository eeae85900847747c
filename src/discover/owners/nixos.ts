import { owner } from '../owner.ts';

export default owner({
  name: 'nixos',
  tables: /^nixos-/,
  chains: /^nixos-(fw|nat|drop)/,
  advice: (_, { ingress, realPort }) =>
    ingress === null
      ? null
      : `Open it: \`networking.firewall.interfaces."${ingress}".allowedTCPPorts = [ ${realPort ?? 'PORT'} ];\` (or allowedUDPPorts), or name the interface in \`networking.firewall.trustedInterfaces\`.`,
  rewrites: 'with nixos-rebuild switch, and at boot',
  configuredAt: () => 'networking.firewall and networking.nat of configuration.nix (nixos-rebuild switch)',
});
