/** Where a flow goes when nobody says so. */
import { readResolver } from '../discover/resolver.ts';
import { type End, familyOf, parseEnd } from '../model/ends.ts';
import type { Origin, Proto } from '../model/flow.ts';
import type { Asked } from './addresses.ts';

const DEFAULT_TO = '1.1.1.1';
export const DNS_PORT = 53;
/** 33434 is where traceroute's datagrams begin: nobody listens there. */
export const UDP_PORT = 33434;

/** The container itself, the host, the container's resolver, or the address that is always asked for. */
export function defaultEnd(from: Origin, proto: Proto, { machine, target }: Asked): End {
  if (from === 'host' || from === 'other') return { kind: 'container', target: '', port: null };
  if (from === 'outside') return { kind: 'host', port: null };
  if (proto !== 'dns') return parseEnd(machine.env.NETDOCTOR_TO || DEFAULT_TO);
  const resolver = readResolver(machine, target);
  const server = resolver.known ? resolver.value.nameservers[0] : undefined;
  // A missing server is a finding of its own (dns-config-missing): the loopback is what the C library asks then.
  const address = server ?? '127.0.0.1';
  return { kind: 'address', address, family: familyOf(address), port: DNS_PORT };
}
