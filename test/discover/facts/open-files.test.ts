import { expect, test } from 'vitest';
import { softLimit } from '../../../src/discover/facts/open-files.ts';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             127000               127000               processes
Max open files            4                    64                   files
`;
const lab = () => {
  const scene = healthy();
  scene.target.pid = 4242;
  return scene;
};

test('limits are those of open files, and may have no end', () => {
  expect(softLimit(LIMITS)).toEqual({ soft: 4, hard: 64 });
  expect(softLimit(LIMITS.replace('64  ', 'unlimited'))).toEqual({ soft: 4, hard: null });
  expect(softLimit('Max open files unlimited unlimited files')).toBeNull();
});

test('the process and its children are counted; one that went away, or has no limit, is passed over', async () => {
  const files = await value('openFiles', lab(), {
    files: {
      '/proc/4242/task/4242/children': '7 8 ',
      '/proc/4242/limits': LIMITS,
      '/proc/4242/comm': 'ngi\u001bnx\n',
      '/proc/7/limits': LIMITS,
      '/proc/7/comm': 'worker\n',
    },
    lists: { '/proc/4242/fd': ['0', '1', '2', '3'], '/proc/7/fd': ['0', '63', '255'] },
  });
  expect(files).toEqual([
    { pid: 4242, name: expect.not.stringContaining('\u001b'), open: 4, soft: 4, hard: 64 },
    { pid: 7, name: 'worker', open: 1, soft: 4, hard: 64 },
  ]);
});

test('a bare namespace has no process to ask', async () => {
  expect((await gathered('openFiles', healthy(), {})).answer).toMatchObject({ because: 'not-asked' });
});
