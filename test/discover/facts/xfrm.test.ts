import { expect, test } from 'vitest';
import { healthy } from '../../causes/scene.ts';
import { gathered, value } from './gathered.ts';

const POLICIES = `src 10.7.0.0/24 dst 10.9.0.0/24 
	dir out priority 0 ptype main 
	tmpl src 192.0.2.1 dst 192.0.2.9
		proto esp reqid 0 mode tunnel
src 10.7.0.0/24 dst 10.8.0.0/24 
	dir fwd action block priority 0 ptype main 
src ::/0 dst ::/0 
	socket in priority 0 ptype main 
`;

test('policies have a direction, an action and perhaps a tunnel to go through', async () => {
  const policies = await value('xfrm', healthy(), { run: { 'ip xfrm policy': POLICIES } });
  expect(policies).toMatchObject([
    { direction: 'out', action: 'allow', source: '10.7.0.0/24', destination: '10.9.0.0/24', template: true },
    { direction: 'fwd', action: 'block', destination: '10.8.0.0/24', template: false },
    { direction: 'in', action: 'allow', source: '::/0' },
  ]);
  expect(policies[1]?.text).toBe(
    'src 10.7.0.0/24 dst 10.8.0.0/24 dir fwd action block priority 0 ptype main',
  );
});

test('no policy is no policy', async () => {
  expect(await value('xfrm', healthy(), { run: { 'ip xfrm policy': '' } })).toEqual([]);
});

test('where the kernel has no policy, no program is asked', async () => {
  const { machine, answer } = await gathered('xfrm', healthy(), { kernel: { policies: 0 } });
  expect(answer).toMatchObject({ known: true, value: [] });
  expect(machine.asked).toEqual([]);
  const some = await gathered('xfrm', healthy(), { kernel: { policies: 2 } });
  expect(some.machine.asked).toEqual(['ip xfrm policy']);
});
