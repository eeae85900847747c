import ipaddr from 'ipaddr.js';
import type { Machine } from '../host/machine.ts';
import { type Answer, mapAnswer, notKnown } from '../model/answer.ts';
import type { Resolver } from '../model/facts.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';

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

/** resolv.conf as the C library reads it: resolv.conf(5). */
export function parseResolver(file: string, text: string): Resolver {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/)
      .map(plain),
  );
  const rest = (word: string): string[] =>
    lines.filter(([first]) => first === word).flatMap(([, ...words]) => words);
  const named = rest('nameserver');
  return {
    file,
    nameservers: named.flatMap((word) => serverAddress(word) ?? []).slice(0, 3),
    ignored: named.filter((word) => serverAddress(word) === null).slice(0, 3),
    search: rest('search'),
    options: rest('options'),
  };
}

/** The target's own resolv.conf, at its place on the host. */
export function readResolver(machine: Machine, target: Target): Answer<Resolver> {
  if (!target.resolvConf)
    return notKnown('unreadable', `the resolv.conf of ${target.name} has no known place on this host`, []);
  const file = target.resolvConf;
  return mapAnswer(readNamesFile(machine, file), (text) => parseResolver(file, text));
}

/**
 * A resolv.conf or hosts file. A container writes its own as it likes, and makes it as long as it likes; those in the
 * host's /etc are root's, and often links.
 */
export const readNamesFile = (machine: Machine, file: string): Answer<string> =>
  machine.readForeign(file, { trusted: file.startsWith('/etc/') });
