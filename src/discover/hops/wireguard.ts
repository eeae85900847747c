import { addressesOf, hopKind } from '../kind.ts';

export default hopKind({
  kind: 'wireguard',
  about: (link) => `${addressesOf(link)}, WireGuard`,
  hides: (link) => ({
    what: `which peer takes what leaves by ${link.name}, and whether that peer is there`,
    because: `from there it travels encrypted: \`wg show ${link.name}\` names the peers, their allowed IPs and last handshakes`,
  }),
});
