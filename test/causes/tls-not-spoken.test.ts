import { describe, expect, it } from 'vitest';
import tlsNotSpoken from '../../src/causes/tls-not-spoken.ts';
import { healthy, type Lab } from './scene.ts';

function spoken(about: object): Lab {
  const lab = healthy();
  lab.flow = { ...lab.flow, proto: 'tcp', port: 443 };
  (lab as { spoken?: unknown }).spoken = { speech: 'tls', result: 'answered', noTls: null, ...about };
  return lab;
}

describe('tls-not-spoken', () => {
  const http = { noTls: '"HTTP/1.1 400 Bad Request"' };

  it('is the verdict where TLS was named, and a warning where the port alone says so', () => {
    const named = tlsNotSpoken.examine(spoken({ ...http, isNamed: true }));
    expect(named?.why).toContain('wrong version number');
    expect(named?.what).toBe('what answers at 198.51.100.1:443 does not speak TLS');
    expect(tlsNotSpoken.examine(spoken(http))).toBeNull();
    expect(tlsNotSpoken.warns?.(spoken(http))?.why).toContain('"HTTP/1.1 400 Bad Request"');
  });

  it('is nothing where TLS answers, or nobody does', () => {
    expect(tlsNotSpoken.warns?.(spoken({}))).toBeNull();
    expect(tlsNotSpoken.warns?.(spoken({ ...http, result: 'quiet' }))).toBeNull();
    expect(tlsNotSpoken.warns?.(healthy())).toBeNull();
  });
});
