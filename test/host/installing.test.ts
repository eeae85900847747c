import { describe, expect, it } from 'vitest';
import { familyOf, lineFor } from '../../src/host/installing.ts';

const UBUNTU = 'PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n';
const ROCKY = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n';

describe('the line that installs', () => {
  it.each([
    ['ID=debian\n', 'apt-get install nftables'],
    [UBUNTU, 'apt-get install nftables'],
    ['ID=fedora\n', 'dnf install nftables'],
    [ROCKY, 'dnf install nftables'],
    ["ID='alpine'\n", 'apk add nftables'],
    ['ID=manjaro\nID_LIKE=arch\n', 'pacman -S nftables'],
  ])('speaks the words of %j', (release, line) => {
    expect(lineFor('nft', release)).toBe(line);
  });

  it('uses the name that the distribution gives the package', () => {
    expect(lineFor('ip', ROCKY)).toBe('dnf install iproute');
    expect(lineFor('sysctl', 'ID=alpine\n')).toBe('apk add procps-ng');
    expect(lineFor('conntrack', UBUNTU)).toBe('apt-get install conntrack');
  });

  it('claims no verb where it has no words for the distribution', () => {
    expect(familyOf('ID=void\n')).toBeNull();
    expect(lineFor('nft', 'ID=void\n')).toBe('install nftables');
    expect(lineFor('nft', null)).toBe('install nftables');
  });

  it('is not led by a value that only holds a name', () => {
    expect(familyOf('NAME="not debian"\nID=void\n')).toBeNull();
  });
});
