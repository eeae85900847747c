import { describe, expect, it } from 'vitest';
import { called } from '../../src/main/docker-plugin.ts';

const link = ['node', '/usr/libexec/docker/cli-plugins/docker-netdoctor'];

describe('called by Docker’s client', () => {
  it.each([
    ['docker netdoctor web --to 1.2.3.4', ['netdoctor', 'web', '--to', '1.2.3.4'], {}],
    [
      'docker --context far netdoctor web',
      ['--context', 'far', 'netdoctor', 'web'],
      { DOCKER_CONTEXT: 'far' },
    ],
    ['docker -H=unix:///x netdoctor web', ['-H=unix:///x', 'netdoctor', 'web'], { DOCKER_HOST: 'unix:///x' }],
  ])('%s', (_, words, env) => {
    expect(called([...link, ...words])).toEqual({
      words: words.slice(words.indexOf('netdoctor') + 1),
      env,
    });
  });

  it('a container called netdoctor is one', () => {
    expect(called([...link, 'netdoctor', 'netdoctor']).words).toEqual(['netdoctor']);
    expect(called(['node', '/usr/bin/netdoctor', 'netdoctor']).words).toEqual(['netdoctor']);
  });

  it('is asked what it is', () => {
    expect(called([...link, 'docker-cli-plugin-metadata']).words).toEqual(['docker-cli-plugin-metadata']);
  });

  it('does not pass over an option of docker’s that it does not heed', () => {
    expect(() => called([...link, '--tls', 'netdoctor', 'web'])).toThrow('--tls');
  });
});
