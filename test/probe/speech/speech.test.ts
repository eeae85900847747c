import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { dated } from '../../../src/probe/speech/tls.ts';
import { openTalk, speechOf } from '../../../src/probe/speech.ts';
import { flow } from './flow.ts';

describe('what is said', () => {
  it('is told by the port, and by nothing where the port tells nothing', () => {
    expect([80, 8080, 443, 8443, 22, 5432].map((port) => speechOf(flow({ port }), undefined))).toEqual([
      'http',
      'http',
      'tls',
      'tls',
      'greeting',
      null,
    ]);
  });

  it('is what was asked for, and nothing where that was asked for, by another protocol, or from outside', () => {
    expect(speechOf(flow({ port: 5432 }), 'http')).toBe('http');
    expect(speechOf(flow(), 'none')).toBeNull();
    expect(speechOf(flow({ proto: 'udp' }), undefined)).toBeNull();
    expect(speechOf(flow({ from: 'outside' }), undefined)).toBeNull();
  });

  it('is a HEAD with the name that was asked, as curl -I would write it', async () => {
    const said = Buffer.from((await openTalk(flow(), 'http')).opening).toString();
    expect(said).toMatch(/^HEAD \/ HTTP\/1\.1\r\nHost: web\.example\r\n/);
    expect(said.endsWith('\r\nConnection: close\r\n\r\n')).toBe(true);
    const bare = await openTalk(
      flow({ to: '[2001:db8::1]:8080', address: '2001:db8::1', family: 6, port: 8080 }),
      'http',
    );
    expect(Buffer.from(bare.opening).toString()).toContain('Host: [2001:db8::1]:8080\r\n');
  });

  it('is answered by a first line, of which controls are taken out', async () => {
    const talk = await openTalk(flow(), 'http');
    talk.hear(Buffer.from('HTTP/1.1 20'));
    talk.hear(Buffer.from('0 O\u001b[31mK\r\nServer: x\r\n'));
    expect(talk.line()).toBe('HTTP/1.1 200 O[31mK');
  });
});

/** A TLS conversation with a real server, carried by hand as the probe's socket carries it. */
async function certificateOf(name: string): Promise<string | null> {
  const at = import.meta.dirname;
  const server = createServer({
    key: readFileSync(`${at}/key.pem`),
    cert: readFileSync(`${at}/certificate.pem`),
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const talk = await openTalk(flow({ to: `${name}:443`, port: 443 }), 'tls');
  const wire = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    await once(wire, 'connect');
    wire.write(talk.opening);
    const until = Date.now() + 5000;
    wire.on('data', (bytes) => {
      for (const more of talk.hear(bytes)) wire.write(more);
    });
    while (talk.certificate() === null && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return talk.certificate();
  } finally {
    wire.destroy();
    server.close();
  }
}

describe('a certificate', () => {
  it('is read from a real handshake and held against clock and name', async () => {
    // The certificate of the test is for web.example, and was good for one day.
    expect(await certificateOf('other.example')).toMatch(/out of date|other\.example/);
  });

  it('may be past its time, or before it where a clock is wrong', () => {
    const dates = { valid_from: 'Jan  1 00:00:00 2024 GMT', valid_to: 'Jan  1 00:00:00 2025 GMT' };
    expect(dated(dates, Date.parse('2024-06-01'))).toBeNull();
    expect(dated(dates, Date.parse('2025-06-01'))).toContain('out of date since Jan');
    expect(dated(dates, Date.parse('2023-06-01'))).toContain('clocks');
  });
});
