/** The repair on a real Docker Engine: mended, proved, taken back to the letter; and the engine restarted in between. */
import { expect, it } from 'vitest';
import { playRepair } from '../repair-scenario.ts';
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
