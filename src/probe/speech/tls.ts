import type { PeerCertificate } from 'node:tls';
import { plain } from '../../words/text.ts';
import type { Talk } from '../talk.ts';
import { inPlaceOfTls } from './no-tls.ts';

/** How long a hello may take to be written, which is the work of this process alone. Milliseconds. */
const PATIENCE = 200;
/** Of what comes in its place so many bytes are read. */
const MOST = 200;

/**
 * Node's own TLS over a stream in memory: it writes the hello, and reads what comes back as far as the certificate. No
 * request follows, and nothing is trusted that it says. RFC 8446; `name` becomes the server name of RFC 6066.
 */
export async function tlsHello(name: string | null): Promise<Talk> {
  const [{ connect, checkServerIdentity }, { Duplex }] = await Promise.all([
    import('node:tls'),
    import('node:stream'),
  ]);
  const said: Uint8Array[] = [];
  let wake = (): void => {};
  const wire = new Duplex({
    read() {},
    write(bytes: Buffer, _, done) {
      said.push(Uint8Array.from(bytes));
      wake();
      done();
    },
  });
  let trouble: string | null = null;
  let late: string | null = null;
  let heard = Buffer.alloc(0);
  const session = connect({
    socket: wire as never,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    ...(name === null ? {} : { servername: name }),
  });
  session.on('error', () => {});
  session.on('secureConnect', () => {
    const certificate = session.getPeerCertificate();
    const mismatch = name === null ? undefined : checkServerIdentity(name, certificate);
    late = dated(certificate, Date.now());
    trouble = late ?? (mismatch ? plain(mismatch.message) : null);
  });
  if (said.length === 0)
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, PATIENCE);
    });
  return {
    speech: 'tls',
    opening: Buffer.concat(said.splice(0)),
    hear(bytes) {
      if (heard.length < MOST) heard = Buffer.concat([heard, bytes.subarray(0, MOST)]);
      wire.push(bytes);
      return said.splice(0);
    },
    line: () => null,
    noTls: () => inPlaceOfTls(heard),
    certificate: () => trouble,
    outOfTime: () => late !== null,
    clock: () => null,
  };
}

/** Is it out of its time? `now` in milliseconds since 1970. */
export function dated(
  { valid_from, valid_to }: Pick<PeerCertificate, 'valid_from' | 'valid_to'>,
  now: number,
): string | null {
  if (Date.parse(valid_to) < now) return `it has been out of date since ${plain(valid_to)}`;
  return Date.parse(valid_from) > now
    ? `it is good from ${plain(valid_from)} on only: one of the two clocks is wrong`
    : null;
}
