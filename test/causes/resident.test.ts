/** An address that is sent out of this host, and that somebody on this host has. */
import { expect, it } from 'vitest';
import { examine } from './examine.ts';
import { netns } from './lab-state.ts';
import { healthy, type Lab, lostAt, silent } from './scene.ts';

const held = (lab: Lab): Lab => {
  const found = [{ address: '198.51.100.1', netns: netns('lab-d', 900), name: 'the namespace lab-d' }];
  lab.residents = { found, isWhole: true };
  return lab;
};

it('is silent for nobody: it says who has it, and shows it', () => {
  const lab = held(silent(healthy()));
  lab.control = { asked: true, answered: false, outcomes: [], says: 'no answer' };
  const claim = examine('no-reply-from-destination', lab);
  expect(claim?.what).toBe(
    '198.51.100.1 is an address of the namespace lab-d on this host, and the way to it leads out by up0',
  );
  expect(claim?.why).not.toMatch(/everybody|beyond/);
  expect(JSON.stringify(claim?.evidence)).toContain('/run/netns/lab-d');
});

it('calls nobody silent for everybody behind a tunnel whose outer packets nobody followed', () => {
  const lab = silent(healthy());
  lab.control = { asked: true, answered: false, outcomes: [], says: 'no answer' };
  expect(examine('no-reply-from-destination', lab)?.why).toContain('silent for everybody');
  lab.path.hops[3]!.kind = 'vxlan';
  const why = examine('no-reply-from-destination', lab)?.why;
  expect(why).toContain('outer packets was not followed');
  expect(why).not.toContain('everybody');
});

it('changes nothing where the packets did not leave', () => {
  expect(examine('no-reply-from-destination', held(lostAt(healthy(), 2)))).toBeNull();
  const delivered = held(lostAt(healthy('sibling'), 4));
  expect(examine('no-reply-from-destination', delivered)?.what).toMatch(/does not answer/);
});
