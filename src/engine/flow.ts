/** From the words of a question to the flow they mean. */
import { NameServerSilent } from '../discover/name.ts';
import { familyOf, parseEnd, parseStart, type Start } from '../model/ends.ts';
import { wrongCall } from '../model/failure.ts';
import type { Flow, Proto } from '../model/flow.ts';
import type { Question } from '../model/question.ts';
import { runtimes } from '../targets/target.ts';
import { type Asked, addressesOf } from './addresses.ts';
import { DNS_PORT, defaultEnd, UDP_PORT } from './default-end.ts';

/**
 * One flow for each address family asked about; a name with both families gives two, and one whose resolver is silent
 * the flow to that resolver.
 */
export async function flowsOf(asked: Asked): Promise<Flow[]> {
  try {
    return await askedFor(asked);
  } catch (error) {
    if (error instanceof NameServerSilent) return [toResolver(asked.question, error)];
    throw error;
  }
}

const toResolver = (question: Question, { server, question: name }: NameServerSilent): Flow => ({
  from: parseStart(question.from).kind === 'container' ? 'container' : 'host',
  to: server,
  address: server,
  proto: 'dns',
  port: DNS_PORT,
  family: familyOf(server),
  question: name,
  insteadOf: question.to ?? name,
});

async function askedFor(asked: Asked): Promise<Flow[]> {
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
  const addresses = ofFamily(await addressesOf(end, start.kind, asked), question);
  refuseWithoutPort(start, proto, port, question);
  return addresses.map((address) => ({
    from: start.kind,
    ...(start.kind === 'other' ? { source: start.target } : {}),
    to: question.to ?? address,
    address,
    proto,
    port: proto === 'icmp' ? null : (end.port ?? (proto === 'dns' ? DNS_PORT : UDP_PORT)),
    family: familyOf(address),
    ...(proto === 'dns' ? { question: question.name ?? 'example.com' } : {}),
  }));
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
