import { expect, it } from 'vitest';
import { tryAbilities } from '../../src/discover/abilities.ts';
import { AS_ROOT } from '../../src/discover/ability.ts';
import { localMachine } from '../../src/host/local.ts';
import { known, notKnown } from '../../src/model/answer.ts';

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

const FORMAT_5_10 = 'print fmt: "skbaddr=%p protocol=%u location=%p"';

it.each([
  ['Linux 6.18', 'location=%pS reason: %s', true, /with reasons, and functions$/],
  ['Linux 6.1', 'location=%p reason: %s', true, /with reasons, and functions by the stack/],
  ['Linux 5.10', FORMAT_5_10, false, /without reasons .*, and functions by their addresses/],
])('says what the trace of %s tells of a drop', async (_, format, hashes, says) => {
  const kernel = {
    ...localMachine(),
    tracefs: () => known('/t', []),
    read: (file: string) =>
      file.endsWith('/format')
        ? known(format, [])
        : file === '/proc/kallsyms'
          ? known('ffffffff81766000 T ip_local_deliver\n', [])
          : hashes && file.endsWith('hash-ptr')
            ? known('1', [])
            : notKnown('vanished', file, []),
  };
  const traced = (await tryAbilities(kernel)).find(({ name }) => name === 'tracepoints');
  expect(traced?.says).toMatch(says);
});

it('opens nothing that stays', async () => {
  const { readdirSync } = await import('node:fs');
  const sockets = (): number => readdirSync('/proc/self/fd').length;
  await tryAbilities(localMachine());
  const once = sockets();
  await tryAbilities(localMachine());
  expect(sockets()).toBe(once);
});
