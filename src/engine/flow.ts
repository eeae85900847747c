/** From the words of a question to the flows they mean. */
import { familyOf, parseEnd, parseStart, type Start } from '../model/ends.ts';
import { wrongCall } from '../model/failure.ts';
import type { Flow, Proto } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import type { Question } from '../model/question.ts';
import { runtimes } from '../targets/target.ts';
import { type Asked, addressesOf } from './addresses.ts';
import { DNS_PORT, defaultEnd, UDP_PORT } from './default-end.ts';
import { addressesOfName, flowInstead, type Named, SAMPLE, storyOfServer, Unresolved } from './named.ts';

export interface Flows {
  readonly flows: readonly Flow[];
  /** How the name is looked up that the flows go to, or are about: what is slow in it comes beside them. */
  readonly story?: Promise<LookUp>;
}

/** A flow for each address of a name; where it has none, the flow that shows why. */
export async function flowsOf(asked: Asked): Promise<Flows> {
  try {
    return await askedFor(asked);
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return { flows: [flowInstead(error, asked.question)], story: Promise.resolve(error.story) };
  }
}

async function askedFor(asked: Asked): Promise<Flows> {
  const { question } = asked;
  const start = parseStart(question.from);
  const given =
    question.to === undefined
      ? undefined
      : parseEnd(
          question.to,
          runtimes.map((one) => one.name),
        );
  const port = given?.port ?? null;
  const proto: Proto = question.proto ?? (port === null ? 'icmp' : 'tcp');
  const end = given ?? defaultEnd(start.kind, proto, asked);
  const named: Named | undefined = end.kind === 'name' ? await addressesOfName(asked, end.name) : undefined;
  const found = end.kind === 'name' ? named!.addresses : await addressesOf(end, start.kind, asked);
  const addresses = ofFamily(found, question);
  refuseWithoutPort(start, proto, port, question);
  const flows = addresses.map((address) => ({
    from: start.kind,
    ...(start.kind === 'other' ? { source: start.target } : {}),
    to: question.to ?? address,
    address,
    ...(start.kind === 'outside' && (end.kind === 'host' || end.kind === 'port')
      ? { anyAddress: true as const }
      : {}),
    proto,
    port: proto === 'icmp' ? null : (end.port ?? (proto === 'dns' ? DNS_PORT : UDP_PORT)),
    family: familyOf(address),
    ...(proto === 'dns' ? { question: question.name ?? SAMPLE } : {}),
  }));
  if (named) return { flows, story: named.story };
  return proto === 'dns'
    ? { flows, story: storyOfServer(asked, { address: addresses[0]!, port: end.port }) }
    : { flows };
}

/** Those of the family asked about. @throws Failure (exit 2) where there is none. */
function ofFamily(addresses: readonly string[], { family, to }: Question): string[] {
  const wanted = addresses.filter((address) => family === undefined || familyOf(address) === family);
  if (wanted.length > 0) return wanted;
  throw wrongCall(
    'no-such-family',
    `${to ?? 'The destination'} has no IPv${family} address.`,
    `Leave out -${family}, or name another destination.`,
  );
}

function refuseWithoutPort(start: Start, proto: Proto, port: number | null, { to }: Question): void {
  if (start.kind === 'outside' && port === null && proto !== 'icmp')
    throw wrongCall(
      'no-port',
      'A flow from outside needs the port it goes to.',
      'Give it: --from outside --to :8080',
    );
  if (port === null && proto === 'tcp')
    throw wrongCall('no-port', 'A TCP probe needs a port.', `Give one: --to ${to ?? '198.51.100.1'}:443`);
}
