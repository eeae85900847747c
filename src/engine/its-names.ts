/**
 * Whose an address is that a program asks in vain, which name it had, and what that name is now: a program that resolved it
 * once does not ask again.
 */
import { beginLookUp } from '../discover/name/look-up.ts';
import { namesOf } from '../discover/name/names-of.ts';
import { readResolver } from '../discover/resolver.ts';
import type { Machine } from '../host/machine.ts';
import { within } from '../kernel/nat.ts';
import type { Bearer } from '../model/bearer.ts';
import { familyOf } from '../model/ends.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Family } from '../model/flow.ts';
import type { Stack } from '../model/stack.ts';
import type { Target } from '../model/target.ts';
import { bearersOf } from '../targets/target.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';
import { whose } from './bearers.ts';

/** How long a name server is waited for. Milliseconds. */
const PATIENCE = 400;

export interface Of {
  readonly machine: Machine;
  readonly target: Target;
  readonly stack: Stack;
  readonly signal: AbortSignal;
}

/** What hosts, name servers and the runtime tell of it; never fails. */
export async function itsNames(of: Of, address: string): Promise<Evidence[]> {
  const told = await Promise.all([byRuntime(of, address), byHosts(of, address)].map(orNothing));
  return told.flat();
}

const orNothing = (work: Promise<Evidence[]>): Promise<Evidence[]> => work.catch(() => []);

/** Only of an address of the target's own networks a runtime knows whose it is. */
async function byRuntime({ machine, target, stack }: Of, address: string): Promise<Evidence[]> {
  const isNear = stack.links.some(({ addresses }) =>
    addresses.some((own) => own.scope === 'global' && within(address, `${own.address}/${own.prefix}`)),
  );
  if (!isNear || target.networks.length === 0) return [];
  const bearers = await bearersOf(machine, target);
  if (bearers.length === 0) return [];
  const bearer = bearers.find((one) => one.address === address);
  const networks = list(target.networks.map(({ name }) => name));
  return [
    fromState(says(bearer, address, networks), [
      target.runtime,
      'network',
      'inspect',
      ...target.networks.map(({ name }) => name),
    ]),
  ];
}

const says = (bearer: Bearer | undefined, address: string, networks: string): string =>
  bearer ? `${address} is the address of ${whose(bearer)}` : `no container of ${networks} has ${address} now`;

async function byHosts(of: Of, address: string): Promise<Evidence[]> {
  const { file, names } = namesOf(of.machine, of.target, address);
  if (names.length === 0) return [];
  const resolver = readResolver(of.machine, of.target);
  const server = resolver.known ? resolver.value.nameservers[0] : undefined;
  return Promise.all(
    names.map(async (name) => {
      const now = server === undefined ? [] : await nowOf(of, name, { server, family: familyOf(address) });
      const other = now.length > 0 && !now.includes(address) ? `, and its name server says ${list(now)}` : '';
      return fromState(`${file} calls ${address} ${name}${other}`, ['grep', '-wF', address, file]);
    }),
  );
}

/** Of a name server, past the hosts file; empty where that one knows none. */
function nowOf(
  of: Of,
  name: string,
  { server, family }: { readonly server: string; readonly family: Family },
): Promise<readonly string[]> {
  const begun = beginLookUp({
    ...of,
    name,
    from: 'container',
    families: [family],
    server: { address: server, port: 53 },
    sample: true,
    patience: PATIENCE,
  });
  begun.story.catch(() => {});
  return begun.addresses;
}
