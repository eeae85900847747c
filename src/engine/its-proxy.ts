/** Programs that obey a proxy variable of the container's environment ask that proxy, whatever was asked here. */
import { proxiesIn } from '../discover/facts/process.ts';
import { isLoopback } from '../kernel/arrival.ts';
import { endpointOf, noProxyCovers, type ProxyFound, proxyFor } from '../kernel/proxy.ts';
import { familyOf } from '../model/ends.ts';
import type { Flow } from '../model/flow.ts';
import { fromState } from '../words/telling.ts';
import type { Asked } from './addresses.ts';
import type { Aside, Look } from './aside.ts';
import { askOnce } from './ask-once.ts';
import { asksNothing } from './begins-now.ts';
import { addressesOfName, Unresolved } from './named.ts';

/** Asks the proxy that stands for this flow, if one does; how it is looked at closely is told when it is wanted. */
export function itsProxy(asked: Asked, flow: Flow): ((look: Look) => Promise<Aside | null>) | undefined {
  const found = proxyOf(asked, flow);
  const end = found && endpointOf(found.value);
  if (!found || !end) return undefined;
  const answer = askProxy(asked, flow, end);
  // Whoever waits for it is told; nobody may.
  answer.catch(() => {});
  const { target } = asked;
  return async (look) => {
    const { flow: to, stands } = await answer;
    const source = ['grep', '-zi', 'proxy', `/proc/${target.pid}/environ`];
    const what = `programs that obey ${found.variable} do not ask ${flow.to} themselves but the proxy ${found.value}`;
    const note = (because: string): Aside => ({ note: { what, because } });
    if (!to) return note(`${end.host} has no address here`);
    const closely = stands ? undefined : await look(to, [to.address]);
    if (closely === null) return null;
    if (closely?.diagnosis.status === 'fault')
      return { diagnosis: closely.diagnosis, says: fromState(what, source) };
    return closely?.diagnosis.status === 'undecided'
      ? note('whether it takes connections could not be told')
      : note('it takes connections; what it reaches is its own affair');
  };
}

function proxyOf({ machine, target, question }: Asked, flow: Flow): ProxyFound | undefined {
  if (flow.from !== 'container' || target.pid === null || isLoopback(flow.address)) return undefined;
  // A ping that nobody named stands for whatever programs ask there.
  const stands = flow.proto === 'icmp' && asksNothing(question);
  if (flow.insteadOf !== undefined || (flow.proto !== 'tcp' && !stands)) return undefined;
  const environ = machine.read(`/proc/${target.pid}/environ`);
  const variables = environ.known ? proxiesIn(environ.value) : {};
  const ports = stands ? [443, 80] : [flow.port];
  const found = ports
    .map((port) => proxyFor(variables, { ...flow, proto: 'tcp', port }))
    .find((proxy) => proxy !== undefined);
  return found?.isDestination || noProxyCovers(variables, flow) ? undefined : found;
}

interface Answered {
  /** Where the proxy is; undefined where its name has no address. */
  readonly flow?: Flow;
  readonly stands: boolean;
}

async function askProxy(
  asked: Asked,
  { from }: Flow,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Answered> {
  const { machine, target, question } = asked;
  const address = await addressOf(asked, host);
  if (address === undefined) return { stands: false };
  const family = familyOf(address);
  const to = family === 6 && host === address ? `[${host}]:${port}` : `${host}:${port}`;
  const flow: Flow = { from, to, address, proto: 'tcp', port, family };
  const outcome = await askOnce(
    machine,
    flow,
    target.hostNetwork ? null : target.netns,
    question.wait * 1000,
  );
  return { flow, stands: outcome?.result === 'answered' };
}

async function addressOf(asked: Asked, host: string): Promise<string | undefined> {
  if (/^[\d.]+$|:/.test(host)) return host;
  try {
    return (await addressesOfName(asked, host)).addresses[0];
  } catch (error) {
    if (error instanceof Unresolved) return undefined;
    throw error;
  }
}
