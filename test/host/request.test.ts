import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
