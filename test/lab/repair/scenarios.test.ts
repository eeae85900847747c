/** Diagnose, mend, healthy; take back, the same fault again, with nothing else changed. `npm run exam -- --repair` plays all. */
import { expect, it } from 'vitest';
import { playRepair } from '../repair-scenario.ts';
import { readScenarios, type Scenario } from '../scenario-file.ts';

const all = readScenarios();
const named = (file: string): Scenario => {
  const found = all.find((scenario) => scenario.file.startsWith(`${file}-`));
  if (!found) throw new Error(`there is no scenario ${file}`);
  return found;
};

/** One of each kind of change: sysctl, link, bridge port, address, route, rule, chain, policy, nft, xfrm. */
const SAMPLE = ['s01', 'l02', 'l04', 'a05', 'r01', 'r04', 'f01', 'f06', 'f11', 'c04'];

it.each(SAMPLE)('%s', { timeout: 120_000 }, async (file) => {
  const mended = await playRepair(named(file));
  expect(mended).toMatchObject({ healthy: true, undone: 'same', again: mended.cause, complaint: null });
  expect([named(file).expect, ...named(file).also_right]).toContain(mended.cause);
});

/** Faults behind one another: each shows only when the one before it is mended. */
const SEVERAL = [
  ['s01', 'f01'],
  ['l02', 's01'],
  ['l04', 's01', 'f06'],
  ['r01', 's01'],
  ['a05', 'f02'],
  ['a10', 'f02'],
  ['r04', 'c04'],
  ['l03', 's01'],
  ['f02', 'f06'],
  ['l01', 'r04', 'f11'],
];

it.each(SEVERAL.map((files) => [files.join(' and '), files] as const))(
  '%s',
  { timeout: 240_000 },
  async (_, files) => {
    const scenarios = files.map(named);
    const [first] = scenarios;
    const mended = await playRepair({
      ...(first as Scenario),
      inject: scenarios.flatMap(({ inject }) => inject),
    });
    expect(mended).toMatchObject({ healthy: true, undone: 'same', complaint: null });
    // Of faults at one place either may be named first.
    expect(mended.again).not.toBeNull();
    expect(mended.kept).toBeGreaterThanOrEqual(2);
  },
);
