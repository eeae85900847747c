import { describe, expect, it } from 'vitest';
import { diagnoseLine, questionOf } from '../../src/guide/flow.ts';
import { namedPlace } from '../../src/guide/place.ts';
import { World } from '../../src/guide/world.ts';
import type { Machine } from '../../src/host/machine.ts';
import { hold } from './hold.ts';

const world = new World({} as Machine);
world.add(namedPlace('red', null));
world.add(namedPlace('blue', null));
world.promised.set('10.0.0.3', 'new:blue');

describe('what the engine is asked', () => {
  it('names a namespace that the recipe has made as it is called by now', () => {
    expect(questionOf(hold({}), world)).toEqual({ target: 'netns:red', to: '10.0.0.1' });
  });

  it('takes the container that has the address for the target of the host', () => {
    expect(questionOf(hold({ from: 'host', to: '10.0.0.3' }), world)).toMatchObject({
      from: 'host',
      target: 'netns:blue',
    });
  });

  it('keeps port and protocol', () => {
    expect(questionOf(hold({ from: 'host', to: '127.0.0.1:80', proto: 'tcp' }), world)).toMatchObject({
      target: 'netns:red',
      to: '127.0.0.1:80',
      proto: 'tcp',
    });
  });
});

it('says what a person would type to ask the same', () => {
  expect(diagnoseLine(hold({}), world).join(' ')).toBe('netdoctor diagnose netns:red --to 10.0.0.1');
  expect(diagnoseLine(hold({ from: 'host', to: '10.0.0.3:80', proto: 'tcp' }), world).join(' ')).toBe(
    'netdoctor diagnose netns:blue --from host --to 10.0.0.3:80 --proto tcp',
  );
});
