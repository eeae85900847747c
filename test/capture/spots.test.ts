import { expect, it } from 'vitest';
import { spotOf } from '../../src/capture/spots.ts';
import { hops, target } from '../repl/fixture/forwarding-off.ts';

it('calls an interface by its name, one of a container by both names', () => {
  expect(hops.map((hop) => spotOf(hop, target, hops[0]!.link).label)).toEqual([
    'eth0@web',
    ...hops.slice(1).map(({ name }) => name),
  ]);
});

it('shows nothing of a name that would move the cursor, whoever gave it', () => {
  // The kernel takes any byte of an interface's name but blanks, slashes and colons: dev_valid_name.
  const named = { ...hops[0]!, name: 'e\u001b[2J\u202e0' };
  expect(spotOf(named, { ...target, name: 'w\u001b[2Jeb' }, undefined).label).toBe('e[2J0@w[2Jeb');
});
