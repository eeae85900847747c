import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, test } from 'vitest';
import { localMachine } from '../../src/host/local.ts';
import type { Machine } from '../../src/host/machine.ts';
import { configuredDestination } from '../../src/main/configuration.ts';
import { questionOf } from '../../src/main/question.ts';
import { fakeMachine } from '../discover/fake-machine.ts';

const OWN = '/home/me/.config/netdoctor/config.yaml';
const ALL = '/etc/netdoctor/config.yaml';
const machine = (
  files: Record<string, string>,
  env: Record<string, string> = { HOME: '/home/me' },
): Machine => ({
  ...fakeMachine({ files }),
  env,
});

describe('the configuration', () => {
  it('of one’s own goes before the host’s', async () => {
    expect(await configuredDestination(machine({ [OWN]: 'to: 198.51.100.7', [ALL]: 'to: 192.0.2.1' }))).toBe(
      '198.51.100.7',
    );
    expect(await configuredDestination(machine({ [ALL]: 'to: 192.0.2.1' }))).toBe('192.0.2.1');
    expect(await configuredDestination(machine({ [OWN]: '# nothing', [ALL]: 'to: 192.0.2.1' }))).toBe(
      '192.0.2.1',
    );
    expect(await configuredDestination(machine({}))).toBeUndefined();
  });

  it('that is a FIFO is refused at once, and not waited for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netdoctor-configuration-'));
    try {
      mkdirSync(join(folder, 'netdoctor'));
      await execa('mkfifo', [join(folder, 'netdoctor/config.yaml')]);
      const local = { ...localMachine(), env: { XDG_CONFIG_HOME: folder } };
      await expect(configuredDestination(local)).rejects.toMatchObject({
        problem: { code: 'bad-configuration', message: expect.stringMatching(/config\.yaml is a FIFO/) },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lies where XDG says', async () => {
    const env = { HOME: '/home/me', XDG_CONFIG_HOME: '/cfg' };
    expect(await configuredDestination(machine({ '/cfg/netdoctor/config.yaml': 'to: db:5432' }, env))).toBe(
      'db:5432',
    );
  });

  test.each([
    ['to: [', /is no YAML/i],
    ['- a', /keys and values/],
    ['target: web', /unknown key "target"/],
    ['to: 1.1.1.1:http', /"http"/],
  ])('%j is refused, with the file’s name', async (text, why) => {
    await expect(configuredDestination(machine({ [OWN]: text }))).rejects.toMatchObject({
      problem: { exit: 2, code: 'bad-configuration', message: expect.stringMatching(why) },
    });
    await expect(configuredDestination(machine({ [OWN]: text }))).rejects.toThrow(OWN);
  });
});

describe('the question', () => {
  const options = { from: 'container', count: 3, wait: 1, timeout: 10, trace: true };
  const files = { [OWN]: 'to: 198.51.100.7' };
  const env = { HOME: '/home/me', NETDOCTOR_TO: '192.0.2.9' };

  it('goes where the call says, else the environment, else the configuration', async () => {
    expect(await questionOf('web', { ...options, to: ':80' }, machine(files, env))).toMatchObject({
      to: ':80',
    });
    expect(await questionOf('web', options, machine(files, env))).toMatchObject({ to: '192.0.2.9' });
    expect(await questionOf('web', options, machine(files))).toMatchObject({ to: '198.51.100.7' });
    expect(await questionOf('web', options, machine({}))).not.toHaveProperty('to');
  });

  it('to the container itself, or to its resolver, has its own default', async () => {
    expect(await questionOf('web', { ...options, from: 'host' }, machine(files, env))).not.toHaveProperty(
      'to',
    );
    expect(await questionOf('web', { ...options, proto: 'dns' }, machine(files, env))).not.toHaveProperty(
      'to',
    );
  });

  it('carries what was asked for', async () => {
    const asked = { ...options, ipv6: true, proto: 'dns', name: 'a.example', trace: false, readOnly: true };
    expect(await questionOf('web', asked, machine({}))).toEqual({
      target: 'web',
      from: 'container',
      proto: 'dns',
      family: 6,
      name: 'a.example',
      count: 3,
      wait: 1,
      timeout: 10,
      trace: false,
      readOnly: true,
    });
  });
});
