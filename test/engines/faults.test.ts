import { expect, it } from 'vitest';
import { faultsOn } from './faults.ts';
import { engines, kinds, packagesOf } from './kinds.ts';
import { versionOf } from './version.ts';

it('the same faults, eleven or more, are made on every engine', () => {
  const [first, ...others] = kinds.map(({ engine }) => faultsOn(engine).map(({ file }) => file));
  expect(first!.length).toBeGreaterThanOrEqual(11);
  for (const files of others) expect(files).toEqual(first);
});

it('no fault names what only one engine has for certain', () => {
  const steps = faultsOn('podman').flatMap(({ before, inject, repair }) => [...before, ...inject, ...repair]);
  expect(steps.filter(({ sh }) => /docker0|podman[0-9]|cni0|172\.17\.|10\.88\./.test(sh))).toEqual([]);
});

it('every fault has a repair, and is asked about before it', () => {
  const all = faultsOn('docker', '{"firewall-backend":"nftables"}');
  expect(all.filter(({ control, repair }) => control === 'none' || repair.length === 0)).toEqual([]);
});

it('a fault has the daemon.json of its file beside that of the engine', () => {
  const gone = faultsOn('docker', '{"firewall-backend":"nftables"}').find(
    ({ file }) => file === 'published-port-gone',
  );
  expect(gone?.daemon).toEqual({ 'userland-proxy': false, 'firewall-backend': 'nftables' });
});

it('an engine that is not there is said to be none', () => {
  expect(() => faultsOn('rkt')).toThrow('There is no engine "rkt": docker, podman, containerd, cri.');
});

it('engines of one suite share a tree', () => {
  const inSid = engines.filter(({ suite, also }) => suite === 'sid' && !also);
  expect(new Set(inSid.map((engine) => packagesOf(engine).join())).size).toBe(1);
});

it.each([
  ['Docker version 28.5.2+dfsg4, build 3ef3c07', '28.5.2'],
  ['podman version 4.3.1', '4.3.1'],
  ['containerd github.com/containerd/containerd/v2 2.1.9+unknown', '2.1.9'],
  ['bash: dockerd: command not found', null],
])('of “%s” the version is %s', (said, version) => expect(versionOf(said)).toBe(version));
