/** A GET over a unix socket, as a container engine's API wants it. */
import { request } from 'node:http';
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
  ETIMEDOUT: 'did not answer in 3 s',
};
const TIMEOUT = 3000;

export function getJson(
  socketPath: string,
  path: string,
): Promise<Answer<{ status: number; body: unknown }>> {
  const source = ['curl', '--unix-socket', socketPath, `http://localhost${path}`];
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void =>
      resolve(
        notKnown(
          BECAUSE[error.code ?? ''] ?? 'unreadable',
          `${socketPath} ${WORDS[error.code ?? ''] ?? `failed: ${error.code ?? error.message}`}`,
          source,
        ),
      );
    const asked = request(
      { socketPath, path, headers: { host: 'localhost' }, timeout: TIMEOUT },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', failed);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
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
    asked.on('timeout', () => asked.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    asked.on('error', failed);
    asked.end();
  });
}
