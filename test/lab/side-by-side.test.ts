// Two hosts with the same names and addresses on one kernel, each with a fault of its own, asked at the same moment: its
// trace names devices and no namespaces, and gives one host's skb address to the other's packet.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { askNetdoctor } from './ask-netdoctor.ts';
import { labNetwork } from './lab-network.ts';
import type { Network } from './scenario.ts';
import { readScenarios, type Scenario } from './scenario-file.ts';

const ROUNDS = Number(process.env.NETDOCTOR_ROUNDS ?? 4);
const scenarios = readScenarios();
const called = (name: string): Scenario => scenarios.find(({ file }) => file === name)!;

/** Faults that drop in the container, on the host and nowhere, at one place and at others. */
const pairs = [
  ['no-reply-from-destination-silent-destination', 'f30-container-firewall-drop'],
  ['f31-firewall-rule-drop', 'f30-container-firewall-drop'],
  ['rp-filter-drop-strict-rp-filter', 's01-ip-forward-off'],
] as const;

async function broken(scenario: Scenario): Promise<Network> {
  const network = await labNetwork(scenario);
  for (const step of scenario.inject) expect((await network.step(step)).exitCode).toBe(0);
  return network;
}

/** What the one's packets hide of the other's is not known; it is never another cause, and never healthy. */
const UNSURE = new Set(['fault', 'undecided']);

/** A program of the container that keeps asking for what it does not get. */
const PESTER = { in: 'A', sh: 'exec pester --rate 300 120 syn 10.88.0.2 198.51.100.1 80' };

test.for(pairs)('%s beside %s', { timeout: 60_000 + ROUNDS * 30_000 }, async (names) => {
  const both = names.map((name) => ({ ...called(name), args: [...called(name).args, '--timeout', '30'] }));
  const networks = await Promise.all(both.map(broken));
  try {
    await networks[1]!.start(PESTER);
    const said: string[] = [];
    let right = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(
        both.map(async (scenario, at) => {
          await sleep(at * 7 * round);
          return askNetdoctor(networks[at]!, scenario);
        }),
      );
      for (const [at, { cause, status, complaint }] of answers.entries()) {
        const { expect: own, also_right } = both[at]!;
        const verdict = cause ?? status;
        if ([own, ...also_right].includes(verdict)) right++;
        else if (!UNSURE.has(verdict)) said.push(complaint ?? `${own}: ${verdict}`);
      }
    }
    expect(said).toEqual([]);
    expect(right).toBeGreaterThan(ROUNDS);
  } finally {
    await Promise.all(networks.map((network) => network.down()));
  }
});
