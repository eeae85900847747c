/** A device that may send no question for a neighbour: net/core/neighbour.c. */
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/model/flow.ts';
import { sighting } from '../examples/sighting.ts';
import { commands, examine } from './examine.ts';
import { healthy, type Lab, lostAt } from './scene.ts';

/** The host has failed to find its router on up0, and what each family's settings there say. */
function failed(solicits: string | undefined, asksProgram = '0', family: Family = 4): Lab {
  const lab = lostAt(healthy('outside', family), 3);
  const address = lab.path.hostRoute?.gateway as string;
  const entry = { address, dev: 'up0', mac: null, state: ['FAILED'], proxy: false };
  lab.stacks.host.neighbours = [entry] as never;
  const key = `net.ipv${family}.neigh.up0`;
  if (solicits !== undefined) lab.sysctls.host[`${key}.mcast_solicit`] = solicits;
  lab.sysctls.host[`${key}.app_solicit`] = asksProgram;
  return lab;
}

describe('neighbour-unanswered, where nobody is asked', () => {
  it.each([4, 6] as const)('names the setting, and sets it back, over IPv%i', (family) => {
    const key = `net.ipv${family}.neigh.up0.mcast_solicit`;
    const claim = examine('neighbour-unanswered', failed('0', '0', family));
    expect(claim).toMatchObject({ sure: 'proved', what: expect.stringContaining(`${key} is 0`) });
    expect(commands(claim)).toEqual({ apply: [`sysctl -w ${key}=3`], undo: [`sysctl -w ${key}=0`] });
  });

  it('is not for a device that may ask, lets a program ask, was seen to ask, or of which nobody could tell', () => {
    const seen = failed('0');
    seen.sightings.push(sighting('host/up0', 'neighbour', { says: 'who has 192.0.2.2? tell 192.0.2.1' }));
    for (const lab of [failed('3'), failed('0', '1'), failed(undefined), seen])
      expect(examine('neighbour-unanswered', lab)?.what ?? '').not.toContain('solicit');
  });
});
