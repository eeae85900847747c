/** What resolv.conf names as name server, and nobody asks. */
import { readResolver } from '../discover/resolver.ts';
import type { Machine } from '../host/machine.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Target } from '../model/target.ts';
import { asksResolver } from '../wire/dns.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** Name servers of the container that are none: the C library asks the others, and so was done here. */
export function passedOver(machine: Machine, target: Target, flow: Flow): Evidence[] {
  const resolver = asksResolver(flow) || flow.to !== flow.address ? readResolver(machine, target) : undefined;
  const words = resolver?.known ? (resolver.value.ignored ?? []) : [];
  return words.length === 0 || !resolver?.known || resolver.value.nameservers.length === 0
    ? []
    : [
        fromState(
          `${resolver.value.file} names ${list(words)} as name server, which is no address: it was passed over, as the C library does`,
          ['cat', resolver.value.file],
        ),
      ];
}
