// Evidence is one timeline: captures, the kernel's journey and rules, and no effect told before its cause.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { Lab } from './lab.ts';
import { runNetdoctor } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());
beforeEach(async () => {
  await lab.step({
    in: 'host',
    sh: 'iptables -F DOCKER-USER; iptables-legacy -F FORWARD 2>/dev/null; sysctl -qw net.ipv4.ip_forward=1',
  });
});

const THERE = ['container/eth0', 'host/vetha', 'host/br0', 'host/up0'];

/** Each thing that was seen, as a place on the way there and back: what comes later on it comes later in time. */
function placeOf({ witness, at, says }: Evidence): number | null {
  const hop = THERE.indexOf(at ?? '');
  if (witness === 'capture' && hop >= 0) {
    if (/^\d+ requests?,/.test(says)) return 2 * hop;
    if (/^\d+ repl(y|ies),/.test(says)) return 20 - 2 * hop;
  }
  // In the host's kernel, between br0 and up0.
  if (witness === 'rule') return says.startsWith('request') ? 5 : 15;
  return witness === 'journey' && /dropped the request/.test(says) ? 5.5 : null;
}

const told = ({ evidence }: Diagnosis): Evidence[] =>
  evidence.filter((one) => one.microseconds !== null && placeOf(one) !== null);

describe.each(['tracefs', 'perf'])('with the trace of %s', (tracing) => {
  test.each([
    ['healthy, by ping', 'true', ['--to', '198.51.100.1'], ['capture']],
    ['healthy, by TCP', 'true', ['--to', '198.51.100.1:80'], ['capture']],
    [
      'forwarding off',
      'sysctl -qw net.ipv4.ip_forward=0',
      ['--to', '198.51.100.1'],
      ['capture', 'rule', 'journey'],
    ],
    [
      'a rule that drops',
      'iptables -I DOCKER-USER -s 10.88.0.2 -j DROP',
      ['--to', '198.51.100.1'],
      ['capture', 'rule', 'journey'],
    ],
    [
      'a rule that drops a connection',
      'iptables -I DOCKER-USER -s 10.88.0.2 -j DROP',
      ['--to', '198.51.100.1:80'],
      ['capture', 'rule', 'journey'],
    ],
    [
      'a rule of iptables-legacy',
      'iptables-legacy -I FORWARD -s 10.88.0.2 -j DROP',
      ['--to', '198.51.100.1'],
      ['capture', 'rule', 'journey'],
    ],
  ])('%s', async (_what, sh, args, witnesses) => {
    await lab.step({ in: 'host', sh });
    const { stdout } = await runNetdoctor(lab, `netns:${lab.names.A}`, [...args, '--tracing', tracing]);
    const diagnosis = JSON.parse(stdout) as Diagnosis;
    const events = told(diagnosis);
    expect([...new Set(events.map(({ witness }) => witness))].toSorted()).toEqual(witnesses.toSorted());
    const places = events.map(placeOf);
    expect(
      places,
      JSON.stringify(events.map(({ microseconds, says, at }) => [microseconds, at, says])),
    ).toEqual(places.toSorted((a, b) => a! - b!));
    const moments = events.map(({ microseconds }) => microseconds!);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments[0]).toBeGreaterThanOrEqual(0);
  });
});
