import { describe, expect, it } from 'vitest';
import { inPlaceOfTls } from '../../../src/probe/speech/no-tls.ts';
import { openTalk } from '../../../src/probe/speech.ts';
import { flow } from './flow.ts';

describe('what comes back to a TLS hello', () => {
  it('is a record of TLS, or its beginning, or nothing', () => {
    for (const bytes of [[], [22], [22, 3, 3, 0, 4], [21, 3, 1, 0, 2, 2, 40]])
      expect(inPlaceOfTls(Uint8Array.from(bytes))).toBeNull();
  });

  it('is the first line of another protocol, or bytes', () => {
    expect(inPlaceOfTls(Buffer.from('HTTP/1.1 400 Bad Request\r\nServer: x'))).toBe(
      '"HTTP/1.1 400 Bad Request"',
    );
    expect(inPlaceOfTls(Buffer.from('SSH-2.0-x'.padEnd(200, '\u001b')))).toMatch(/^bytes 5353482d322e302d78/);
    expect(inPlaceOfTls(Uint8Array.from([22, 9, 0]))).toBe('bytes 160900');
  });

  it('is put together from what comes in pieces', async () => {
    const talk = await openTalk(flow({ port: 443 }), 'tls');
    expect(talk.noTls()).toBeNull();
    talk.hear(Buffer.from('HT'));
    talk.hear(Buffer.from('TP/1.0 400 no\r\n'));
    expect(talk.noTls()).toBe('"HTTP/1.0 400 no"');
  });
});
