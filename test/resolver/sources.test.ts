import { expect, it } from 'vitest';
import { fromHosts } from '../../src/resolver/hosts.ts';
import { sourcesOf } from '../../src/resolver/sources.ts';

const shown = (text: string | undefined): string[] =>
  sourcesOf(text).map(({ service, ends }) => `${service} ${[...ends].sort().join('+')}`);

it('asks files, then the DNS, where nothing else is said', () => {
  expect(shown(undefined)).toEqual(['files success', 'dns success']);
  expect(shown('passwd: files\n')).toEqual(['files success', 'dns success']);
});

it('reads what ends the search', () => {
  expect(shown('hosts: files resolve [!UNAVAIL=return] dns # as systemd has it\n')).toEqual([
    'files success',
    'resolve notfound+success+tryagain',
    'dns success',
  ]);
  expect(shown('hosts:\tdns [NOTFOUND=return SUCCESS=continue] files\n')).toEqual([
    'dns notfound',
    'files success',
  ]);
});

it('finds a name in a hosts file as its library does', () => {
  const text = '127.0.0.1 localhost\n10.0.0.7\tdb.example DB # the old one\n2001:db8::7 db\nnonsense db\n';
  expect(fromHosts(text, 'db', 'glibc')).toEqual(['10.0.0.7', '2001:db8::7']);
  expect(fromHosts(text, 'db', 'musl')).toEqual(['2001:db8::7']);
  expect(fromHosts(text, 'old', 'glibc')).toEqual([]);
});
