import { expect, test } from 'vitest';
import { portsHeld } from '../../../src/discover/facts/source-ports.ts';

test('ports of the range are counted once, each in its state', () => {
  const text = `ESTAB     0      0          10.88.0.2:40000  198.51.100.1:8888
ESTAB     0      0          10.88.0.2:40000  198.51.100.1:8888
TIME-WAIT 0      0          10.88.0.2:40001  198.51.100.1:8888
ESTAB     0      0     [2001:db8::2]:40002  [2001:db8::1]:8888
ESTAB     0      0          10.88.0.2:50000  198.51.100.1:8888
`;
  expect(portsHeld(text, 40000, 40007)).toEqual({ ESTAB: 2, 'TIME-WAIT': 1 });
  expect(portsHeld('', 40000, 40007)).toEqual({});
});
