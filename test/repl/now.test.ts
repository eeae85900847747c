import { expect, it } from 'vitest';
import type { Failing } from '../../src/model/failing.ts';
import { answer, enter } from './desk.ts';

const failing: Failing[] = [
  {
    how: 'connecting',
    from: 'container',
    proto: 'tcp',
    address: '198.51.100.1',
    port: 5432,
    family: 4,
    times: 3,
    holder: { pid: 42, name: 'psql' },
    since: 7000,
    source: ['ss', '-tanpoi'],
  },
  {
    how: 'backlog',
    from: 'host',
    proto: 'tcp',
    address: '10.88.0.2',
    port: 80,
    family: 4,
    times: 1,
    holder: { pid: 7, name: 'nginx\u001b[2J' },
    since: null,
    source: ['ss', '-tlnp'],
  },
];
const around = { failing: async () => failing };

it('lists what fails, with program, end and time', async () => {
  const rows = (await answer('now', { size: { columns: 200, rows: 24 } }, around)).join('\n');
  expect(rows).toContain(
    '1  the program psql (pid 42) tries to connect to 198.51.100.1:5432, and its SYN is not answered for 7.0 s (3 at once)',
  );
  expect(rows).toContain('2  the program nginx');
  expect(rows).not.toContain('\u001b');
});

it('says so where nothing does', async () => {
  expect(await answer('now')).toEqual(['No connection and no question of web waits in vain now.']);
  expect((await answer('now 1'))[0]).toContain('Nothing fails there now');
});

it('diagnoses the one chosen', async () => {
  expect(await enter('now 1', {}, around)).toEqual({
    type: 'diagnose',
    wish: { target: 'web', from: 'container', to: '198.51.100.1:5432', proto: 'tcp' },
  });
  expect(await enter('now 2', {}, around)).toMatchObject({ wish: { from: 'host', to: '10.88.0.2:80' } });
  expect((await answer('now 3', {}, around))[0]).toContain('There are 2 now');
  expect((await answer('now x', {}, around))[0]).toContain('"x" is no number');
});

it('sets what is said over a connection', async () => {
  const settings = (line: string) =>
    enter(line).then((outcome) => outcome.type === 'set' && outcome.settings);
  expect(await settings('set data tls')).toEqual({ data: 'tls' });
  expect(await answer('set data ftp')).toEqual([
    'It takes one of: auto, http, tls, none. | Type: set data auto',
  ]);
});
