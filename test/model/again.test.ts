import { expect, it } from 'vitest';
import { again } from '../../src/model/again.ts';
import type { Flow } from '../../src/model/flow.ts';
import { USUAL } from '../../src/model/question.ts';

const flow: Flow = {
  from: 'container',
  to: '198.51.100.1:5432',
  address: '198.51.100.1',
  proto: 'tcp',
  port: 5432,
  family: 4,
};
const nothing = { ...USUAL, target: 'web' };

it('asks for the flow that was diagnosed where nobody named one', () => {
  expect(again(nothing, { flow })).toMatchObject({
    to: '198.51.100.1:5432',
    proto: 'tcp',
    from: 'container',
  });
  expect(again({ ...nothing, to: '192.0.2.9', usual: true }, { flow })).toMatchObject({ to: flow.to });
  const listens: Flow = { ...flow, from: 'host', to: '10.88.0.2:80' };
  expect(again(nothing, { flow: listens })).toMatchObject({ from: 'host', to: '10.88.0.2:80' });
});

it('asks the same again where it was named, and of a name whose server was looked at', () => {
  const named = { ...nothing, to: 'db:5432' };
  expect(again(named, { flow })).toBe(named);
  expect(again(nothing, { flow: { ...flow, proto: 'dns' } })).toBe(nothing);
});
