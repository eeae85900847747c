// `netdoctor watch --passive` beside real programs of a container: each of their troubles at its hop, and with its program.
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { passive, troubleLine } from '../../src/output/schema/documents/passive.ts';
import { read as pcapng } from '../pcapng/sample.ts';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

type Line = z.infer<typeof troubleLine>;

/** Watches while something is done, and for so long after it. Milliseconds. */
async function watched(work: () => Promise<unknown>, after: number, options: readonly string[] = []) {
  const words = ['watch', `netns:${lab.names.A}`, '--passive', '--ndjson', ...options];
  const child = lab.run('host', [program, ...words], {
    ...{ reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', timeout: 60_000 },
  });
  for (let said = ''; !said.includes('nothing is sent'); )
    said += String((await once(child.stderr, 'data'))[0]);
  await work();
  await sleep(after);
  child.kill('SIGINT');
  const { stdout, exitCode } = await child;
  const lines = String(stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const document = passive.parse(lines.pop());
  for (const line of lines) expect(troubleLine.parse(line)).toEqual(line);
  return { exitCode, document, lines: lines as Line[] };
}

const host = (sh: string) => lab.step({ in: 'host', sh });
/** A program of the container; its name is told as the kernel has it. */
const python = (text: string) => lab.step({ in: 'A', sh: `exec python3 -c "${text}"` });
const PYTHON = { pid: expect.any(Number), name: expect.stringMatching(/^python3/) };

test('a connection that works, and a name that is found, are no trouble', async () => {
  const { exitCode, document, lines } = await watched(
    () => lab.step({ in: 'A', sh: `ask tcp 198.51.100.1 80 get 2; python3 -c "${LOOK_UP}"` }),
    1500,
  );
  expect(lines).toEqual([]);
  expect(exitCode).toBe(0);
  expect(document.packets).toBeGreaterThan(6);
});

test('a SYN that a rule drops, and a port that refuses', async () => {
  await host('iptables -I FORWARD -s 10.88.0.2 -p tcp --dport 81 -j DROP');
  const { exitCode, document, lines } = await watched(async () => {
    await python(`
import socket
def tries(port):
    s = socket.socket(); s.settimeout(2.5)
    try: s.connect(('198.51.100.1', port))
    except OSError: pass
tries(81); tries(82)`);
  }, 800);
  await host('iptables -D FORWARD -s 10.88.0.2 -p tcp --dport 81 -j DROP');
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    expect.objectContaining({
      kind: 'syn-unanswered',
      program: PYTHON,
      reach: {
        after: 'host/br0',
        through: false,
        dropped: { reason: 'NETFILTER_DROP', function: 'nft_do_chain' },
      },
      answer: null,
    }),
    expect.objectContaining({ kind: 'refused', reach: expect.objectContaining({ through: true }) }),
  ]);
  expect(lines[0]!.ends).toMatchObject({
    source: '10.88.0.2',
    destination: '198.51.100.1',
    destinationPort: 81,
  });
  expect(document.troubles).toMatchObject({ 'syn-unanswered': 1, refused: 1, 'sent-again': 0 });
});

test('--save keeps the packets around a trouble at every hop, with what it was, and how the host was', async () => {
  const file = join(lab.folder, 'passive.pcapng');
  await host('iptables -I FORWARD -s 10.88.0.2 -p tcp --dport 81 -j DROP');
  const { document } = await watched(
    async () => {
      // Long before: no second of it belongs to the trouble.
      await lab.step({ in: 'A', sh: 'ask tcp 198.51.100.1 80 get 2' });
      await sleep(1600);
      await python(`
import socket
s = socket.socket(); s.settimeout(2.5)
try: s.connect(('198.51.100.1', 81))
except OSError: pass`);
    },
    800,
    ['--save', file],
  );
  await host('iptables -D FORWARD -s 10.88.0.2 -p tcp --dport 81 -j DROP');
  expect(document.troubles).toMatchObject({ 'syn-unanswered': 1 });
  expect(document.saved).toMatchObject({ files: [file], refused: null });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { items } = pcapng(readFileSync(file));
  const packets = items.flatMap((item) => (item.type === 'packet' ? [item] : []));
  expect(packets).toHaveLength(document.saved!.packets);
  const comments = packets.flatMap((packet) => packet.comments.map((says) => ({ says, on: packet.on })));
  const on = document.hops.findIndex(({ id }) => id === 'host/br0');
  expect(comments).toEqual([
    {
      on,
      says: expect.stringMatching(
        /^python3\S* \(pid \d+\) 10\.88\.0\.2\.\d+ > 198\.51\.100\.1\.81: nobody answers its SYN, .*br0: dropped: NETFILTER_DROP/,
      ),
    },
  ]);
  // The SYN and, within the second, perhaps the one that was sent again; nothing of the connection before.
  expect(new Set(packets.map((packet) => packet.on))).toEqual(new Set([0, 1, 2]));
  const states = items.flatMap((item) => (item.type === 'attachment' ? [JSON.parse(item.text)] : []));
  expect(states).toHaveLength(1);
  expect(states[0].state.map(({ where }: { where: string }) => where)).toEqual(['host', 'container']);
  expect(JSON.stringify(states[0].state[0].rules)).toContain('--dport 81');
});

test('a name server that answers SERVFAIL, and one whose answers do not come back', async () => {
  const server = lab.run('LAN', ['python3', '-c', SERVFAIL], { reject: false, timeout: 40_000 });
  await host('iptables -I FORWARD -d 10.88.0.2 -p udp --sport 53 -s 198.51.100.53 -j DROP');
  const { lines } = await watched(
    () =>
      python(`
import socket, time
question = bytes.fromhex('123401000001000000000000') + b'\\x02db\\x07example\\x00' + bytes.fromhex('00010001')
for server in ('198.51.100.1', '198.51.100.53'):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
    s.sendto(question, (server, 53))
    try: s.recv(512)
    except OSError: pass
    time.sleep(0.6)`),
    300,
  );
  await host('iptables -D FORWARD -d 10.88.0.2 -p udp --sport 53 -s 198.51.100.53 -j DROP');
  server.kill('SIGTERM');
  await server;
  expect(lines).toEqual([
    expect.objectContaining({ kind: 'dns-error', says: 'SERVFAIL for db.example', program: PYTHON }),
    expect.objectContaining({
      kind: 'dns-unanswered',
      says: 'nobody answers the question for db.example',
      program: PYTHON,
      reach: expect.objectContaining({ after: 'host/up0', through: true }),
      answer: expect.objectContaining({ after: 'host/up0', through: false }),
    }),
  ]);
});

/** One question to the name server that the lab has. */
const LOOK_UP = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
s.sendto(bytes.fromhex('123401000001000000000000') + b'\\x02db\\x07example\\x00' + bytes.fromhex('00010001'), ('198.51.100.53', 53))
print(len(s.recv(512)))`;

/** Every question, with the bit of an answer and the code of a failure. */
const SERVFAIL = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('198.51.100.1', 53))
while True:
    question, asker = s.recvfrom(512)
    s.sendto(question[:2] + bytes([0x81, 0x82]) + question[4:], asker)
`;
