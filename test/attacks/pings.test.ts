// A raw ICMP socket hears every ping of its namespace: a busy gateway, or a stranger, must not take an answer's room.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { among, asked, SORTS } from './strangers.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

test.each([
  ['the container pings itself', ['--to', '198.51.100.1']],
  ['a neighbour pings the container', ['--to', '198.51.100.1']],
  ['somebody outside pings the host', ['--from', 'host', '--to', '10.88.0.2']],
])('%s, and a healthy network is healthy', async (sort, args) => {
  await among(lab, SORTS[sort]!.who, async () => {
    for (let time = 0; time < 3; time++)
      expect((await asked(lab, args)).said).toMatchObject({ status: 'healthy' });
  });
});
