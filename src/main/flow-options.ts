/** The options by which a flow is named, and what can be said about them alone. */
import { Option } from 'commander';
import { parseEnd, parseStart } from '../model/ends.ts';
import { wrongCall } from '../model/failure.ts';

/** `otherwise`: where to, where nobody says. */
export const flowOptions = (otherwise: string): Option[] => [
  new Option(
    '--to <END>',
    `HOST[:PORT], [V6]:PORT, container:TARGET[:PORT], host, gateway or :PORT (default: ${otherwise})`,
  ),
  new Option('--from <START>', 'container, host, container:TARGET or outside').default('container'),
  new Option('--proto <KIND>', 'by default tcp when a port is named, else icmp').choices([
    'icmp',
    'tcp',
    'udp',
    'dns',
  ]),
  new Option('--name <NAME>', 'the name that a dns probe asks for (default: example.com)'),
];

export const familyOptions = (): Option[] => [
  new Option('-4, --ipv4', 'IPv4 only').conflicts('ipv6'),
  new Option('-6, --ipv6', 'IPv6 only').conflicts('ipv4'),
];

/** What can be said about the words alone, before anything is loaded. @throws Failure (exit 2) */
export function checkFlow({ to, from, proto, name, ipv4, ipv6 }: Readonly<Record<string, unknown>>): void {
  const end = typeof to === 'string' ? parseEnd(to) : undefined;
  const start = parseStart(String(from));
  if (proto === 'icmp' && end && end.port !== null)
    throw wrongCall(
      'port-without-use',
      'ICMP has no ports.',
      'Leave out the port, or say --proto tcp or --proto udp',
    );
  if (proto === 'tcp' && (!end || end.port === null))
    throw wrongCall(
      'no-port',
      'A TCP probe needs a port.',
      'Give it with the destination: --to 198.51.100.1:443',
    );
  if (start.kind === 'outside' && (!end || end.port === null))
    throw wrongCall(
      'no-port',
      '--from outside follows a packet to a port.',
      'Name the port: --from outside --to :8080',
    );
  if (name !== undefined && proto !== 'dns')
    throw wrongCall('name-without-use', '--name is the question of a DNS probe.', 'Add --proto dns');
  const family = ipv4 ? 4 : ipv6 ? 6 : undefined;
  if (end?.kind === 'address' && family !== undefined && end.family !== family)
    throw wrongCall(
      'wrong-family',
      `${end.address} is an IPv${end.family} address, and only IPv${family} is asked for.`,
      `Leave out -${family}, or name another destination.`,
    );
}
