// What is sent to whom in an ordinary run: measured on the wire, and kept as docs/sent.md.
//   npx vitest run --project lab test/lab/sent -u   writes the page anew
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joined, table } from '../../reference/markdown.ts';
import { Lab } from '../lab.ts';
import { program } from '../lab-network.ts';
import { type Got, recorded } from './recorded.ts';
import { told } from './told.ts';

/** What somebody asks, and on which service. */
const RUNS: readonly (readonly [string, string])[] = [
  ['a ping', '--to 198.51.100.1'],
  ['a web server', '--to 198.51.100.1:80'],
  ['the same, without data', '--to 198.51.100.1:80 --data none'],
  ['a web server by TLS', '--to 198.51.100.1:443'],
  ['a server that greets', '--to 198.51.100.1:22'],
  ['a data base', '--to 198.51.100.1:5432'],
  ['a name', '--to web.example:80'],
  ['a resolver', '--proto dns --to 198.51.100.53'],
  ['a resolver by its port', '--proto udp --to 198.51.100.53:53'],
  ['a server of time', '--proto udp --to 198.51.100.1:123'],
  ['HTTP/3', '--proto udp --to 198.51.100.1:443'],
  ['a port of nobody’s protocol', '--proto udp --to 198.51.100.1:9999'],
];

/** The container behind the host's NAT, and the host. */
const OURS = new Set(['192.0.2.1']);

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
  const server = 'serve tcp 198.51.100.1 443 tcp 198.51.100.1 5432 udp 198.51.100.1 9999';
  const greeter = `python3 -c '
import signal, socket
signal.alarm(600)
server = socket.create_server(("198.51.100.1", 22))
clients = []
while True:
    clients.append(server.accept()[0])
    clients[-1].sendall(b"SSH-2.0-lab\\r\\n")'`;
  for (const servers of [server, greeter, 'speak ntp 198.51.100.1 123 quic 198.51.100.1 443'])
    await lab.step({ in: 'LAN', sh: `${servers} & bound $!` });
  await lab.step({
    in: 'host',
    sh: `mkdir -p /etc/netns/$A; echo 'nameserver 198.51.100.53' >/etc/netns/$A/resolv.conf`,
  });
});
afterAll(() => lab.down());

const ask = (words: string): Promise<Got[]> =>
  recorded(lab, async () => {
    const { exitCode } = await lab.step({ in: 'host', sh: `exec "${program}" netns:$A ${words} --json` });
    expect(exitCode, words).toBe(0);
  });

test('strangers get what the page says, and nothing that a browser or curl -I would not send', async () => {
  const rows: string[][] = [];
  for (const [what, words] of RUNS) {
    const packets = await ask(words);
    const lines = told(packets, OURS);
    expect(lines.length, words).toBeGreaterThan(0);
    for (const [at, line] of lines.entries())
      rows.push([at === 0 ? what : '', at === 0 ? `\`${words}\`` : '', line.to, line.what]);
    for (const { data } of packets.filter((one) => OURS.has(one.source) && one.data.length > 0))
      expect(data[0] === 0x16 || data.toString('latin1').startsWith('HEAD / HTTP/1.1\r\n'), words).toBe(true);
  }
  await expect(page(rows)).toMatchFileSnapshot('../../../docs/sent.md');
}, 120_000);

const page = (rows: readonly (readonly string[])[]): string =>
  joined([
    '# What is sent to whom',
    '<!-- Measured by test/lab/sent/sent.test.ts, which writes it: npx vitest run --project lab test/lab/sent -u -->',
    'Everything that left the host of a lab in ordinary, healthy runs with three probes, as the far end captured it. The container is behind NAT, so that its packets and the host’s own bear one address. Bare acknowledgements of TCP are not counted, nor is ARP.',
    table(['asked', 'by', 'who gets it', 'what'], rows),
    '- One of the connections is the host’s own, which is asked for comparison where the destination lies beyond this host.\n- The pings beside a connection or a datagram find out whether full-size packets pass; services get no long segments.\n- Not measured here: the question of SNMP is the discovery of version 3, without user or community, since a guessed community would be a password tried. A peer of WireGuard gets a handshake of nobody’s key, syslog a message of severity debug that names netdoctor, a port of VXLAN a header without a network.\n- Not measured here: under a fault somewhat more is sent, to the same ends. Where nobody says what to ask, and a program asks in vain an address that the container’s hosts file names, its first name server is asked what that name is now.\n- Not measured here: where several sockets of this host share the port that is asked (SO_REUSEPORT), each is met by eight further connections without data, 32 in all at most. Where a program of this host has taken what was said and does not answer, while it waits for somebody else itself, the same is said over four more.',
  ]);
