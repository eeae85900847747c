import { expect, it } from 'vitest';
import { enclose, isEnclosed, shortcomings } from '../../src/demo/enclosure.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known, notKnown } from '../../src/model/answer.ts';

function machine(part: Partial<Machine>, links: Record<string, string> = {}): Machine {
  return {
    link: (file: string) =>
      links[file] ? known(links[file], []) : notKnown('vanished', `${file}: ENOENT`, []),
    ...part,
  } as Machine;
}

const here = { '/proc/self/ns/mnt': 'mnt:[11]', '/proc/self/ns/net': 'net:[22]' };

it('is the outer program unless told otherwise', () => {
  expect(isEnclosed(machine({ env: {} }, here))).toBe(false);
});

it('believes to be the inner one only when neither namespace is the outer one', () => {
  expect(isEnclosed(machine({ env: { NETDOCTOR_DEMO: 'mnt:[1] net:[2]' } }, here))).toBe(true);
  for (const outside of ['mnt:[11] net:[2]', 'mnt:[1] net:[22]', 'mnt:[11] net:[22]']) {
    const attempt = () => isEnclosed(machine({ env: { NETDOCTOR_DEMO: outside } }, here));
    expect(attempt, 'or it would mount over the real /run').toThrow(/netdoctor's own use/);
  }
});

it('says why no namespaces can be had, and what to do', async () => {
  const asked: string[] = [];
  const refusing = (uid: number) =>
    machine(
      {
        uid,
        env: {},
        run: async ({ argv }) => {
          asked.push(argv.join(' '));
          return known(
            { stdout: '', stderr: 'unshare: unshare failed: Operation not permitted\n', code: 1 },
            [],
          );
        },
      },
      here,
    );
  await expect(enclose(refusing(1000), ['true'])).rejects.toMatchObject({
    problem: {
      exit: 3,
      message: expect.stringMatching(/Operation not permitted/),
      hint: expect.stringMatching(/sudo netdoctor demo/),
    },
  });
  expect(asked, 'a plain user asks for a user namespace').toEqual([
    'unshare --user --map-root-user --mount --net true',
  ]);
  await expect(enclose(refusing(0), ['true'])).rejects.toMatchObject({
    problem: { hint: expect.stringMatching(/--privileged/) },
  });
  expect(asked.slice(1)).toEqual([
    'unshare --mount --net true',
    'unshare --user --map-root-user --mount --net true',
  ]);
});

it.each([
  ['root', '         0          0 4294967295\n', null],
  ['a user', '         0       1000          1\n', /tracefs/],
])('tells %s what cannot be seen', (_, map, words) => {
  const told = shortcomings(machine({ read: () => known(map, []) }));
  if (words === null) expect(told).toBeNull();
  else expect(told).toMatch(words);
});
