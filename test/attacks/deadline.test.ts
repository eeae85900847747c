// A name server that takes its time, and a search list that gives it much to do.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Lab } from '../lab/lab.ts';
import { asked, configureNames } from './strangers.ts';

/** Knows no name, and says so late. */
const SLOW = `
const socket = require('dgram').createSocket('udp4');
socket.on('message', (question, { port, address }) => setTimeout(() => {
  question.writeUInt16BE(0x8183, 2);
  socket.send(question, port, address);
}, 1200));
socket.bind(53, '198.51.100.1');
setTimeout(() => process.exit(), 60000);`;

let lab: Lab;
let folder: string;
beforeAll(async () => {
  lab = await Lab.up();
  const search = Array.from({ length: 1000 }, (_, index) => `d${index}.example`).join(' ');
  folder = configureNames(lab, `nameserver 198.51.100.1\nsearch ${search}\n`);
  await lab.start({ in: 'LAN', sh: `exec node -e '${SLOW.replaceAll("'", '"')}'` });
});
afterAll(() => {
  lab.down();
  rmSync(folder, { recursive: true, force: true });
});

test('--timeout holds for the names too, and what was missing is said', async () => {
  const { exitCode, seconds, said } = await asked(lab, ['--to', 'db:80', '--timeout', '4']);
  expect(seconds).toBeLessThan(12);
  expect(exitCode).not.toBe(0);
  expect(said).not.toBeNull();
});
