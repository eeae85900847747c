import { describe, expect, it } from 'vitest';
import { type Value, value } from '../../src/guide/question.ts';
import { fill, fillAll, holds, loop, references } from '../../src/guide/scope.ts';
import { Failure } from '../../src/model/failure.ts';

/** A name in braces; written apart, since it is no template of ours. */
const braced = (name: string): string => `$\{${name}}`;
const red = value('new:red', { label: 'red', address: '10.0.0.2' });
const blue = value('docker:blue', { label: 'blue', address: '10.0.0.3' });
const green = value('green', { label: 'green', address: '10.0.0.4' });
const scope = new Map<string, Value>([
  ['bridge', value('br0', { gateway: '10.0.0.1' })],
  ['containers', { text: 'new:red,docker:blue,green', parts: {}, items: [red, blue, green] }],
  ['none', value('')],
  ['routes', value('no')],
  ['how', value('route')],
]);

describe('a text', () => {
  it.each([
    ['$bridge', 'br0'],
    [`net.ipv4.conf.${braced('bridge')}.proxy_arp`, 'net.ipv4.conf.br0.proxy_arp'],
    ['$bridge.gateway/24', '10.0.0.1/24'],
    [`${braced('bridge.gateway')}0`, '10.0.0.10'],
    ['The gateway is $bridge.gateway.', 'The gateway is 10.0.0.1.'],
    ['costs 5$ and no name', 'costs 5$ and no name'],
  ])('%s becomes %s', (text, filled) => expect(fill(text, scope)).toBe(filled));

  it('says which part nobody knows', () => {
    expect(() => fill('$bridge.mtu', scope)).toThrow(Failure);
    expect(() => fill('$bridge.mtu', scope)).toThrow(/mtu of br0/);
    expect(() => fill('$nobody', scope)).toThrow(/nobody/);
  });

  it('is found anywhere in an object', () => {
    expect(fillAll({ a: '$bridge', b: ['$bridge'], c: { d: true, e: 7 } }, scope)).toEqual({
      a: 'br0',
      b: ['br0'],
      c: { d: true, e: 7 },
    });
  });

  it('names what it speaks of', () => {
    expect(references(`$c.address of ${braced('bridge.gateway')} and $c`)).toEqual([
      ['c', 'address'],
      ['bridge', 'gateway'],
      ['c', undefined],
    ]);
  });
});

it.each([
  [undefined, true],
  ['bridge', true],
  ['none', false],
  ['routes', false],
  ['nobody', false],
  ['how=route', true],
  ['how=nat', false],
])('the condition %s is %s', (condition, met) => expect(holds(condition, scope)).toBe(met));

describe('a loop', () => {
  const names = (each: Parameters<typeof loop>[0], ...of: string[]) =>
    loop(each, scope).map((inner) => of.map((name) => inner.get(name)?.parts.label).join('-'));

  it('goes once through every item', () => {
    expect(names({ c: 'containers' }, 'c')).toEqual(['red', 'blue', 'green']);
  });

  it('takes several questions for one list', () => {
    expect(loop({ c: ['bridge', 'containers'] }, scope)).toHaveLength(4);
  });

  it('meets every pair of one list once', () => {
    expect(names({ x: 'containers', y: 'containers' }, 'x', 'y')).toEqual([
      'red-blue',
      'red-green',
      'blue-green',
    ]);
  });

  it('meets every pair of two lists', () => {
    expect(loop({ x: 'bridge', y: 'containers' }, scope)).toHaveLength(3);
  });

  it('is no loop without names', () => expect(loop(undefined, scope)).toEqual([scope]));
});
