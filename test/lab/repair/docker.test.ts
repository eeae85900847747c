/** The repair on a real Docker Engine: mended, proved, taken back to the letter; and the engine restarted in between. */
import { describe, expect, it } from 'vitest';
import { DockerHost } from '../docker.ts';
import { engineNetwork } from '../engine-network.ts';
import { listingOfNamespaces } from '../listing.ts';
import { Patient, playRepair } from '../repair-scenario.ts';
import { readScenarios } from '../scenario-file.ts';

const all = readScenarios();
const named = (file: string) => {
  const found = all.find((scenario) => scenario.file === `docker-${file}`);
  if (!found) throw new Error(`there is no scenario docker-${file}`);
  return found;
};

const MENDED = [
  'ip-forward-off',
  'forward-policy-drop',
  'masquerade-missing',
  'user-chain-drop',
  'veth-off-its-bridge',
  'network-isolation',
];

it.each(MENDED)('%s', { timeout: 240_000 }, async (name) => {
  const mended = await playRepair(named(name));
  expect(mended).toMatchObject({ healthy: true, undone: 'same', again: mended.cause, complaint: null });
});

/** Containers and their networks outlive the daemon. */
const DAEMON = { 'live-restore': true };

describe('the engine restarted between the fix and its undo', { timeout: 240_000 }, () => {
  /** What `undo` says to each: Docker writes its own rules anew, and leaves the rest of the host alone. */
  it.each([
    ['ip-forward-off', 'undone'],
    ['veth-off-its-bridge', 'undone'],
    ['user-chain-drop', 'undone'],
    ['masquerade-missing', 'undone'],
    ['forward-policy-drop', 'drift'],
  ])('%s: %s', async (name, expected) => {
    const scenario = { ...named(name), daemon: DAEMON };
    const host = await DockerHost.up(scenario);
    const network = await engineNetwork(scenario, host);
    try {
      for (const step of [...scenario.before, ...scenario.inject]) await network.step(step);
      const patient = new Patient(network, scenario);
      const first = await patient.ask();
      expect((await patient.ask('--fix=disruptive', '--yes', '--rollback-after', '300')).code).toBe(0);
      await host.restart(DAEMON);
      const restarted = await listingOfNamespaces(await network.namespaces());

      const undo = await patient.netdoctor('undo', '--all', '--json');
      const changes: { result: string; drift: { what: string }[] }[] = JSON.parse(undo.stdout).changes;
      expect(changes.map(({ result }) => result)).toEqual([expected]);
      if (expected === 'drift') {
        expect(undo.code).toBe(1);
        // Two rules of one chain are one thing that has changed.
        expect(changes[0]?.drift).toMatchObject([{ what: 'chain FORWARD of iptables table filter' }]);
        expect(await listingOfNamespaces(await network.namespaces())).toEqual(restarted);
        expect((await patient.netdoctor('undo', '--all', '--force')).code).toBe(0);
      } else expect(undo.code).toBe(0);
      expect((await patient.ask()).cause).toBe(first.cause);
      expect((await patient.netdoctor('undo', '--all')).code).toBe(0);
    } finally {
      await host.down();
    }
  });
});
