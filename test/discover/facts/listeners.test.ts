import { expect, test } from 'vitest';
import { parseListeners } from '../../../src/discover/parse/listeners.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const SS = `udp UNCONN 0      0         10.88.0.2:53   0.0.0.0:*
udp UNCONN 0      0      127.0.0.53%lo:53   0.0.0.0:*
tcp LISTEN 129    128       127.0.0.1:8080 0.0.0.0:*
tcp LISTEN 0      128               *:81         *:*
tcp LISTEN 0      128            [::]:82      [::]:*
tcp LISTEN 0      128  [fe80::1]%eth0:83      [::]:*
`;
const PLAIN = 'ss -H -l -n -t -u -O';

test('addresses tell which families are served', () => {
  const found = parseListeners(SS, 'container').map((one) => [one.proto, one.family, one.address, one.port]);
  expect(found).toEqual([
    ['udp', 4, '10.88.0.2', 53],
    ['udp', 4, '127.0.0.53', 53],
    ['tcp', 4, '127.0.0.1', 8080],
    ['tcp', 6, '*', 81],
    ['tcp', 6, '::', 82],
    ['tcp', 6, 'fe80::1', 83],
  ]);
});

test('the interface that a socket is bound to is told, of whichever kind its address is', () => {
  const bound = `tcp LISTEN 0 5 0.0.0.0%eth1:8443 0.0.0.0:*
tcp LISTEN 0 5 *%eth1:8444 *:*
udp UNCONN 0 0 [::]%if3:9000 [::]:*
`;
  const found = parseListeners(bound, 'host').map((one) => [one.address, one.device, one.port]);
  expect(found).toEqual([
    ['0.0.0.0', 'eth1', 8443],
    ['*', 'eth1', 8444],
    ['::', 'if3', 9000],
  ]);
  expect(parseListeners(SS, 'container').map(({ device }) => device)).toEqual([
    undefined,
    'lo',
    undefined,
    undefined,
    undefined,
    'eth0',
  ]);
});

test('a full backlog shows as more waiting than may', () => {
  expect(parseListeners(SS, 'host')[2]).toMatchObject({ backlog: 129, backlogMax: 128, process: null });
});

test('the process is named where ss names it', () => {
  const line =
    'tcp LISTEN 0 5 127.0.0.1:8080 0.0.0.0:* users:(("py\u001bthon3",pid=10346,fd=3),("x",pid=1,fd=3))\n';
  expect(parseListeners(line, 'host')[0]?.process).toBe('python3 (pid 10346)');
});

test('processes are looked up for the port in question, and only where somebody listens on it', async () => {
  const lab = healthy();
  lab.flow.proto = 'tcp';
  lab.flow.port = 81;
  const one = 'ss -H -l -n -t -u -p -O sport = :81';
  const listeners = await value('listeners', lab, {
    run: { [PLAIN]: SS, [one]: 'tcp LISTEN 0 128 *:81 *:* users:(("web",pid=7,fd=3))\n' },
  });
  expect(listeners.filter((it) => it.side === 'host' && it.port === 81)).toMatchObject([
    { process: 'web (pid 7)' },
  ]);
  expect(listeners.filter((it) => it.side === 'host')).toHaveLength(6);
  lab.flow.port = 9999;
  const { machine } = await gathered('listeners', lab, { run: { [PLAIN]: SS } });
  expect(machine.asked.filter((line) => line.includes('-p'))).toEqual([]);
});

test('the container port behind a published one is in question too', async () => {
  const lab = healthy('from-outside');
  lab.flow.proto = 'tcp';
  lab.flow.port = 8000;
  lab.target.ports = [{ proto: 'tcp', hostAddress: '0.0.0.0', hostPort: 8000, containerPort: 8080 }];
  const { machine } = await gathered('listeners', lab, { run: { [PLAIN]: SS } });
  expect(machine.asked.some((line) => line.endsWith('sport = :8080'))).toBe(true);
});

test("a container on the host's network listens where the host does", async () => {
  const lab = healthy();
  lab.target.hostNetwork = true;
  const listeners = await value('listeners', lab, { run: { [PLAIN]: SS } });
  expect(listeners.filter((it) => it.side === 'container')).toHaveLength(6);
  expect(listeners.filter((it) => it.side === 'host')).toHaveLength(6);
});

test('the kernel itself tells who listens; a program is asked for names alone, where somebody listens on the port', async () => {
  const port80 = {
    proto: 'tcp',
    family: 4,
    address: '0.0.0.0',
    port: 80,
    ifindex: 0,
    backlog: 0,
    backlogMax: 128,
  };
  const kernel = { listeners: [{ ...port80, port: 81, ifindex: 77 }] };
  const quiet = await gathered('listeners', healthy(), { kernel });
  expect(quiet.machine.asked).toEqual([]);
  expect(quiet.answer).toMatchObject({ value: [{ port: 81, device: 'if77', process: null }, { port: 81 }] });
  const lab = healthy();
  lab.flow = { ...lab.flow, port: 80 };
  const asked = await gathered('listeners', lab, { kernel: { listeners: [port80] } });
  expect(asked.machine.asked).toHaveLength(2);
  for (const line of asked.machine.asked) expect(line).toMatch(/ss .* -p .*:80$/);
});
