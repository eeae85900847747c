import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { asOnHost, needHost, seeHost } from '../../src/host/image.ts';
import { Failure } from '../../src/model/failure.ts';

const host = mkdtempSync(path.join(tmpdir(), 'netdoctor-host-'));
afterAll(() => rmSync(host, { recursive: true }));

describe('a program that is run from the image', () => {
  const env = { NETDOCTOR_HOST: host };

  test('is the host’s where it is the client of a service there', () => {
    const argv = ['nsenter', '--net=/proc/7/ns/net', 'podman', 'ps'];
    expect(asOnHost('podman', argv, env)).toEqual(['nsenter', '--target=1', '--mount', '--', ...argv]);
    expect(asOnHost('lxc-info', ['lxc-info'], env)[0]).toBe('nsenter');
  });

  test('is the image’s own otherwise: what a mount covers must not be the host’s', () => {
    for (const own of ['ip', 'nft', 'mount', 'unshare', 'sh'])
      expect(asOnHost(own, [own, '-V'], env)).toEqual([own, '-V']);
  });

  test('is left alone outside the image', () => {
    expect(asOnHost('podman', ['podman', 'ps'], {})).toEqual(['podman', 'ps']);
  });
});

describe('the host’s folders', () => {
  test('are where they always are outside the image', () => {
    expect(seeHost({})).toEqual([]);
    expect(() => needHost({})).not.toThrow();
  });

  test('are not put over those of the machine itself', () => {
    const env = { NETDOCTOR_HOST: host };
    expect(seeHost(env)).toHaveLength(1);
    const seeing = () => needHost(env);
    expect(seeing).toThrow(Failure);
    expect(seeing).toThrow(
      /was started without --(pid=host|privileged): netdoctor sees it, and not the host/,
    );
  });
});
