import { expect, it } from 'vitest';
import { tryAbilities } from '../../src/discover/abilities.ts';
import { AS_ROOT } from '../../src/discover/ability.ts';
import { localMachine } from '../../src/host/local.ts';
import { notKnown } from '../../src/model/answer.ts';

it('says of what is missing why, and the line that gets it', async () => {
  const bare = {
    ...localMachine(),
    run: async ({ argv }: { argv: readonly string[] }) =>
      notKnown('no-such-tool', `${argv[0]} is not installed`, argv),
  };
  const links = (await tryAbilities(bare)).find(({ name }) => name === 'links');
  expect(links).toMatchObject({ able: false, says: 'ip is not installed' });
  expect(links?.get).toMatch(/iproute/);
});

it('says that root may, where only permission is missing', async () => {
  const barred = {
    ...localMachine(),
    tracefs: () => notKnown('no-permission', 'fsopen says EPERM', ['mount']),
  };
  const traced = (await tryAbilities(barred)).find(({ name }) => name === 'tracepoints');
  expect(traced).toEqual(expect.objectContaining({ able: false, says: 'fsopen says EPERM', get: AS_ROOT }));
});

it('opens nothing that stays', async () => {
  const { readdirSync } = await import('node:fs');
  const sockets = (): number => readdirSync('/proc/self/fd').length;
  await tryAbilities(localMachine());
  const once = sockets();
  await tryAbilities(localMachine());
  expect(sockets()).toBe(once);
});
