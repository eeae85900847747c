import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sortOf } from '../exam/kind-of-flow.ts';
import { readScenarios, type Scenario } from '../lab/scenario-file.ts';
import { flowRows, flowsPage } from './flows-page.ts';
import { subjects } from './subjects.ts';

const rows = flowRows();
const flows = [...new Set(rows.map(({ flow }) => flow))];
const faultsOf = (flow: string) => rows.filter((row) => row.flow === flow).flatMap(({ faults }) => faults);

describe.each(flows)('%s', (flow) => {
  it('is played healthy, and with three faults or more', () => {
    expect(rows.filter((row) => row.flow === flow).flatMap(({ healthy }) => healthy)).not.toHaveLength(0);
    expect(faultsOf(flow).length).toBeGreaterThanOrEqual(3);
  });
});

it('has every scenario once', () => {
  const named = rows.flatMap(({ healthy, faults }) => [...healthy, ...faults.map(({ name }) => name)]);
  const played = readScenarios().filter(({ later }) => later === undefined);
  expect(named.toSorted()).toEqual(played.map(({ file }) => file).toSorted());
});

it('covers the kinds of network', () => {
  const kinds = new Set(rows.map(({ network }) => network));
  for (const kind of [
    'bridge',
    'default bridge',
    'user bridge',
    'two bridges',
    'macvlan',
    'vxlan',
    'routed veth',
  ])
    expect(kinds).toContain(kind);
});

const scenario = (about: Partial<Scenario>): Scenario =>
  ({
    file: 'x',
    target: 'A',
    args: [],
    networks: [],
    containers: [],
    before: [],
    inject: [],
    control: 'healthy',
    ...about,
  }) as Scenario;

describe('the sort of a scenario', () => {
  it.each([
    [['--to', '198.51.100.1'], 'container → outside'],
    [['--to', 'container:netns:red:80'], 'container → container'],
    [['--to', 'db:80'], 'container → container, by name'],
    [['--to', 'web.example:80'], 'container → outside, by name'],
    [['--to', 'gateway'], 'container → host'],
    [['--to', '10.88.0.1:9000'], 'container → host'],
    [['--to', '192.0.2.1:8080'], 'container → its own published port'],
    [['--proto', 'dns'], 'container → its DNS server'],
    [['--from', 'host', '--to', ':80'], 'host → container'],
    [['--from', 'host', '--to', '127.0.0.1:8080'], 'host → published port on loopback'],
    [['--from', 'outside', '--to', ':8080'], 'outside → published port'],
    [['--from', 'outside', '--to', '10.88.0.2:80'], 'outside → container'],
    [['--from', 'container:netns:$B', '--to', ':80'], 'container → container'],
  ])('%j is %s', (args, flow) => {
    expect(sortOf(scenario({ args })).flow).toBe(flow);
  });

  it('takes the family from the destination', () => {
    expect(sortOf(scenario({ args: ['--to', '[fd00:88::3]:80'] })).family).toBe('IPv6');
    expect(sortOf(scenario({ args: ['--to', 'both.example:80'] })).family).toBe('both');
    expect(sortOf(scenario({ args: ['--to', 'container:docker:db:80'] })).family).toBe('IPv4');
  });

  it('takes the network from what is set up before the question, and not from a decoy', () => {
    const macvlan = [{ in: 'host', sh: 'ip link add mv0 link up0 type macvlan' }];
    expect(sortOf(scenario({ before: macvlan })).network).toBe('macvlan');
    expect(sortOf(scenario({ inject: macvlan })).network).toBe('bridge');
    const containers = [{ name: 'web', run: ['--network', 'none'], on: 'host' as const }];
    expect(sortOf(scenario({ engine: 'docker', target: 'web', containers })).network).toBe('none');
  });
});

it('names no scenario in docs/flows.md that is gone (npm run reference writes it anew)', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/flows.md'), 'utf8');
  const lists = [...text.matchAll(/<details>(.*?)<\/details>/gs)].map(([, list]) => list!).join('');
  const names = [...lists.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
  const files = new Set(readScenarios().map(({ file }) => file));
  expect(names.length).toBeGreaterThan(150);
  expect(names.filter((name) => !files.has(name))).toEqual([]);
});

it('says what cannot be seen', () => {
  expect(flowsPage()).toContain('`wg show IFACE`');
});

describe('what a program meets', () => {
  const all = subjects();

  it('is shown by many scenarios, each in one place', () => {
    const files = all.flatMap(({ healthy, others }) => [...healthy, ...others]);
    expect(new Set(files).size).toBe(files.length);
    expect(files.length).toBeGreaterThan(80);
  });

  it('has healthy ones beside those with a fault, for each subject', () => {
    expect(all.filter(({ healthy, others }) => healthy.length === 0 || others.length === 0)).toEqual([]);
  });
});
