/** A GET over a unix socket, as a container engine's API wants it. */
import { statSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type Answer, type Because, known, notKnown } from '../model/answer.ts';

const BECAUSE: Readonly<Record<string, Because>> = {
  EACCES: 'no-permission',
  EPERM: 'no-permission',
  ENOENT: 'no-such-tool',
  ECONNREFUSED: 'no-such-tool',
};
/** What is meant by the errors that people meet. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'may not be opened',
  ENOENT: 'is not there',
  ECONNREFUSED: 'has nobody listening',
  ETIMEDOUT: 'did not answer in time',
  EMSGSIZE: 'answered with more than 64 MiB',
  EPROTO: 'wants to speak another protocol',
};
/** How long it may say nothing, and how long it may take in all. Milliseconds. */
const SILENCE = 3000;
const WHOLE = 8000;
/** Far more than the list of all containers of a host. Bytes. */
const MOST = 64 * 1024 * 1024;

export async function getJson(
  socketPath: string,
  path: string,
  signal?: AbortSignal,
): Promise<Answer<{ status: number; body: unknown }>> {
  const source = ['curl', '--unix-socket', socketPath, `http://localhost${path}`];
  const refused = (error: NodeJS.ErrnoException) =>
    notKnown(
      BECAUSE[error.code ?? ''] ?? 'unreadable',
      `${socketPath} ${WORDS[error.code ?? ''] ?? `failed: ${error.code ?? error.message}`}`,
      source,
    );
  try {
    // Most hosts have few of the engines that are looked for: what speaks to them is loaded when it is called.
    statSync(socketPath);
  } catch (error) {
    return refused(error as NodeJS.ErrnoException);
  }
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      done();
      resolve(refused(error));
    };
    const asked = request(
      // By no agent: one question is asked, and an agent looks first whether the name of the host is an address.
      {
        createConnection: () => connect(socketPath),
        path,
        headers: { host: 'localhost' },
        timeout: SILENCE,
      },
      (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on('data', (part: Buffer) => {
          length += part.length;
          if (length > MOST) give('EMSGSIZE');
          else parts.push(part);
        });
        response.on('error', failed);
        response.on('end', () => {
          // A body without a length ends with its connection, also where we were the ones to end that.
          if (asked.destroyed && length > MOST) return;
          done();
          const bytes = Buffer.concat(parts);
          if (isDeep(bytes))
            return resolve(
              notKnown('unreadable', `${socketPath} did not answer in JSON that can be read`, source),
            );
          const text = bytes.toString('utf8');
          try {
            resolve(
              known({ status: response.statusCode ?? 0, body: text ? JSON.parse(text) : null }, source),
            );
          } catch {
            resolve(notKnown('unreadable', `${socketPath} did not answer in JSON`, source));
          }
        });
      },
    );
    const give = (code: string): void => void asked.destroy(Object.assign(new Error(code), { code }));
    const late = (): void => give('ETIMEDOUT');
    const timer = setTimeout(late, WHOLE);
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', late);
    };
    signal?.addEventListener('abort', late, { once: true });
    asked.on('timeout', late);
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      failed(Object.assign(new Error('upgrade'), { code: 'EPROTO' }));
    });
    asked.on('error', failed);
    asked.end();
  });
}

/** Far more than any engine nests. */
const DEEPEST = 200;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
/** `[` and `{`, `]` and `}`. */
const OPEN = new Set([0x5b, 0x7b]);
const SHUT = new Set([0x5d, 0x7d]);

/** JSON.parse keeps the program to itself for half a minute, and takes a gigabyte, over 64 MiB of `[`. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (quoted) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (OPEN.has(byte) && ++depth > DEEPEST) return true;
    else if (SHUT.has(byte)) depth--;
  }
  return false;
}
