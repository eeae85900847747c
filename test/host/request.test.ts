import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createListener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getJson } from '../../src/host/request.ts';

let folder: string;
let socket: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'netdoctor-request-'));
  socket = path.join(folder, 'socket');
});
afterEach(() => {
  server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** An engine that answers every path with the same. */
async function engine(status: number, body: string): Promise<void> {
  server = createServer((request, response) => {
    response.writeHead(status, { path: request.url ?? '' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server!.listen(socket, resolve));
}

test('hands back the status and the document', async () => {
  await engine(404, '{"message": "no such container"}');
  expect(await getJson(socket, '/containers/web/json')).toMatchObject({
    known: true,
    value: { status: 404, body: { message: 'no such container' } },
    source: ['curl', '--unix-socket', socket, 'http://localhost/containers/web/json'],
  });
});

test('an empty answer is no document', async () => {
  await engine(204, '');
  expect(await getJson(socket, '/')).toMatchObject({ value: { status: 204, body: null } });
});

test('what is no JSON is not known', async () => {
  await engine(200, '<html>');
  expect(await getJson(socket, '/')).toMatchObject({ known: false, because: 'unreadable' });
});

test('says in words why nobody answers', async () => {
  expect(await getJson(socket, '/')).toMatchObject({
    known: false,
    because: 'no-such-tool',
    detail: `${socket} is not there`,
  });
  writeFileSync(socket, '');
  expect(await getJson(socket, '/')).toMatchObject({
    known: false,
    because: 'no-such-tool',
    detail: `${socket} has nobody listening`,
  });
});

describe('an engine that wants to keep its asker', () => {
  /** Answers with the head, and with whatever `then` sends. */
  async function rude(then: (connection: Socket) => void): Promise<void> {
    const connections = new Set<Socket>();
    const listening = createListener((connection) => {
      connections.add(connection);
      connection.on('error', () => {});
      connection.once('data', () => then(connection));
    });
    rudeOne = {
      close() {
        for (const one of connections) one.destroy();
        listening.close();
      },
    };
    await new Promise<void>((resolve) => listening.listen(socket, resolve));
  }
  let rudeOne: { close(): void } | undefined;
  afterEach(() => rudeOne?.close());

  test('by a byte now and then is left when the time is up', async () => {
    await rude((connection) => {
      connection.write('HTTP/1.1 200 OK\r\n\r\n');
      setInterval(() => connection.write(' '), 20).unref();
    });
    const up = new AbortController();
    setTimeout(() => up.abort(), 100);
    expect(await getJson(socket, '/', up.signal)).toMatchObject({
      known: false,
      detail: `${socket} did not answer in time`,
    });
  });

  test('by an answer without end is left at 64 MiB', async () => {
    await rude((connection) => {
      connection.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void =>
        void (connection.writable && connection.write(Buffer.alloc(1 << 20, '['), more));
      more();
    });
    expect(await getJson(socket, '/')).toMatchObject({
      known: false,
      detail: `${socket} answered with more than 64 MiB`,
    });
  });

  test('by brackets that never close is left before they are counted', async () => {
    await rude((connection) => {
      connection.write('HTTP/1.1 200 OK\r\n\r\n');
      connection.end(Buffer.alloc(20 << 20, '['));
    });
    const began = performance.now();
    expect(await getJson(socket, '/')).toMatchObject({ known: false, because: 'unreadable' });
    expect(performance.now() - began).toBeLessThan(8000);
  });

  test('by another protocol is left', async () => {
    await rude((connection) =>
      connection.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    );
    expect(await getJson(socket, '/')).toMatchObject({
      known: false,
      detail: `${socket} wants to speak another protocol`,
    });
  });
});
