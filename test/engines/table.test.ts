import { expect, it } from 'vitest';
import type { Row } from '../lab/scenario.ts';
import { type AskedOn, engineLine, faultsPage } from './table.ts';

const healthy = { status: 'healthy', cause: null, between: null, seconds: 1 };
const row = (file: string, cause: string, given: Partial<Record<'control' | 'repaired', object>> = {}): Row =>
  ({
    scenario: { file, expect: file, also_right: [] },
    control: healthy,
    answer: { status: 'fault', cause, between: null, seconds: 1 },
    repaired: healthy,
    failedSteps: [],
    ...given,
  }) as unknown as Row;

const podman: AskedOn = {
  engine: { name: 'Podman 6', suite: 'sid', also: 'experimental' },
  version: '6.1.1',
  rows: [
    row('bridge-down', 'bridge-down'),
    row('veth-host-end-down', 'bridge-down', { repaired: { ...healthy, status: 'fault', cause: 'tc-drop' } }),
  ],
  because: null,
  minutes: 2.25,
};
const docker: AskedOn = {
  engine: { name: 'Docker with nftables', suite: 'sid' },
  version: null,
  rows: [],
  because: 'it begins with 29, and sid has 28.5.2',
  minutes: 0,
};

it('tells fault by fault what each engine was told to have', () => {
  const page = faultsPage([podman, docker], ['bridge-down', 'veth-host-end-down'], []);
  expect(page).toContain('| Podman 6 | 6.1.1 | sid and experimental | 1 of 2 | 1 | 2.3 |');
  expect(page).toContain('| bridge-down | ✓ |');
  expect(page).toContain('| veth-host-end-down | bridge-down; repaired: tc-drop |');
});

it('says why an engine was not asked, and counts nothing for it', () => {
  expect(engineLine(docker)).toBe('Docker with nftables: not asked: it begins with 29, and sid has 28.5.2');
  const page = faultsPage([docker], ['bridge-down'], ['nerdctl']);
  expect(page).toContain('| Docker with nftables | it begins with 29, and sid has 28.5.2 |');
  expect(page).toContain('| nerdctl | no suite of Debian has it |');
});
