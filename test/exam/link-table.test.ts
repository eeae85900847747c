import { expect, test } from 'vitest';
import type { Row } from '../lab/scenario.ts';
import type { Scenario } from '../lab/scenario-file.ts';
import { isOfLink, linkOf, linkPage } from './link-table.ts';

const scenario = (file: string, expect: string, needs: string[] = []): Scenario =>
  ({ file, expect, needs, also_right: [] }) as unknown as Scenario;
const row = (one: Scenario, cause: string | null, status = 'fault'): Row =>
  ({
    scenario: one,
    control: null,
    answer: { status, cause, between: null, seconds: 1 },
    repaired: null,
    failedSteps: [],
  }) as unknown as Row;

test('a scenario is of the link that its name says, or of the first that it needs', () => {
  expect(linkOf(scenario('link-bond-no-carrier', 'uplink-down', ['bond']))).toBe('bond');
  expect(linkOf(scenario('link-bridge-vlan-self', 'x', ['bridge-vlan']))).toBe('bridge-vlan');
  expect(linkOf(scenario('decoy-wireguard-peer-silent', 'healthy', ['wireguard']))).toBe('wireguard');
  expect(isOfLink(scenario('s01-ip-forward-off', 'ip-forward-off'))).toBe(false);
});

test('each kernel has a column, and what was not right is named', () => {
  const [vlan, bond] = [
    scenario('link-vlan-x', 'uplink-down', ['vlan']),
    scenario('link-bond-x', 'healthy', ['bond']),
  ];
  const page = linkPage(
    [
      { kernel: '6.1', release: '6.1.9', rows: [row(vlan, 'neighbour-absent'), row(bond, null, 'healthy')] },
      { kernel: '7.2', release: '7.2.1', rows: [row(vlan, 'uplink-down')] },
    ],
    [vlan, bond],
  );
  expect(page).toMatch(/\| link +\| scenarios \| 6\.1\.9 +\| 7\.2\.1 +\|/);
  expect(page).toMatch(/\| vlan +\| 1 +\| 0\/0\/0\/1 \| 1\/0\/0\/0 \|/);
  expect(page).toMatch(/\| bond +\| 1 +\| 1\/0\/0\/0 \| +\|/);
  expect(page).toMatch(/\| 6\.1 +\| link-vlan-x \| uplink-down \| neighbour-absent \| wrong \|/);
});
