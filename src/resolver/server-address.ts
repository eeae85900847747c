import ipaddr from 'ipaddr.js';

/**
 * A name server's address as the C library takes it, null for a word that it passes over: glibc resolv/res_init.c. IPv4 in
 * any form of inet_aton(3); an IPv4 address in IPv6's clothes is asked by IPv4.
 */
export function serverAddress(word: string): string | null {
  if (ipaddr.IPv4.isValid(word)) return ipaddr.IPv4.parse(word).toString();
  if (!ipaddr.IPv6.isValid(word)) return null;
  const address = ipaddr.IPv6.parse(word);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : word;
}
