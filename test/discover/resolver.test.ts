import { expect, test } from 'vitest';
import { parseResolver } from '../../src/discover/resolver.ts';
import { serverAddress } from '../../src/resolver/server-address.ts';

test.each([
  ['198.51.100.53', '198.51.100.53'],
  ['198.51.25653', '198.51.100.53'],
  ['0x7f.1', '127.0.0.1'],
  ['2001:db8::53', '2001:db8::53'],
  ['fe80::1%3', 'fe80::1%3'],
  ['::ffff:10.88.0.3', '10.88.0.3'],
  ['foo', null],
  ['', null],
  ['1.2.3.4.5', null],
  ['-h', null],
])('%s as a name server is %s', (word, address) => {
  expect(serverAddress(word)).toBe(address);
});

test('a word that is no address is passed over, and remembered', () => {
  const text = 'nameserver foo\nnameserver 198.51.100.53\nsearch example\n';
  expect(parseResolver('/etc/resolv.conf', text)).toMatchObject({
    nameservers: ['198.51.100.53'],
    ignored: ['foo'],
  });
});
