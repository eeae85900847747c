/** What is designed is no fault: a healthy network of each sort stays as it is, whatever may be mended. */
import { expect, it } from 'vitest';
import { listingOfNamespaces } from '../listing.ts';
import { networkOf } from '../network.ts';
import { Patient } from '../repair-scenario.ts';
import { readScenarios } from '../scenario-file.ts';

const all = readScenarios();

const DESIGNED = [
  ['designed-transparent-proxy', 'healthy', 0],
  ['designed-own-stack', 'healthy', 0],
  ['own-stack-from-inside', 'undecided', 3],
  ['decoy-bridge-address-missing-2', 'healthy', 0],
  ['container-no-route-isolated', 'fault', 1],
  ['vxlan-healthy', 'healthy', 0],
  ['designed-overlay-silent', 'fault', 1],
] as const;

it.each(DESIGNED)('%s is %s, and nothing is changed', { timeout: 120_000 }, async (file, status, code) => {
  const scenario = all.find((one) => one.file === file)!;
  const network = await networkOf(scenario);
  try {
    for (const step of [...scenario.before, ...scenario.inject]) await network.step(step);
    const patient = new Patient(network, scenario);
    const before = await listingOfNamespaces(await network.namespaces());
    const answer = await patient.ask('--fix=disruptive', '--yes', '--rollback-after', '60');
    expect(answer).toMatchObject({ status, code, repairs: [] });
    expect(answer.findings.flatMap(({ fixes }) => fixes)).toEqual([]);
    expect(await listingOfNamespaces(await network.namespaces())).toEqual(before);
  } finally {
    await network.down();
  }
});
