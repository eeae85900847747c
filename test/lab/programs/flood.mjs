#!/usr/bin/env node
// Sends small UDP packets for a while: flood ADDRESS PORT PACKETS-A-SECOND|max SECONDS
// and tells {"sent", "seconds", "microseconds"}: the last is processor time, which on veths holds the packets' whole way.
import { createRequire } from 'node:module';

const [address, port, rate, seconds] = process.argv.slice(2);
const MOST_SECONDS = 120;
const BURST = 500;
const AF_INET = 2;
const SOCK_DGRAM = 2;

const library = createRequire(import.meta.url)('koffi').load('libc.so.6');
const socket = library.func('int socket(int domain, int type, int protocol)');
const connect = library.func('int connect(int fd, const void *address, unsigned int length)');
const send = library.func('long send(int fd, const void *bytes, size_t length, int flags)');

const to = Buffer.alloc(16);
to.writeUInt16LE(AF_INET, 0);
to.writeUInt16BE(Number(port), 2);
to.set(address.split('.').map(Number), 4);
const fd = socket(AF_INET, SOCK_DGRAM, 0);
if (connect(fd, to, to.length) !== 0) throw new Error(`cannot connect to ${address}`);

// 100 bytes of IP: a length that no probe of netdoctor has, so that these packets are strangers to its filters.
const bytes = Buffer.alloc(72);
const doze = new Int32Array(new SharedArrayBuffer(4));
const began = performance.now();
const used = process.cpuUsage();
const end = began + Math.min(Number(seconds), MOST_SECONDS) * 1000;
let sent = 0;
let due = 0;
while (performance.now() < end) {
  const before = due;
  due = rate === 'max' ? before + BURST : Math.floor(((performance.now() - began) * Number(rate)) / 1000);
  // What could not be sent in time is not made up for later.
  const now = Math.min(due - before, BURST);
  for (let count = 0; count < now; count++) send(fd, bytes, bytes.length, 0);
  sent += now;
  if (rate !== 'max') Atomics.wait(doze, 0, 0, 1);
}
const { user, system } = process.cpuUsage(used);
console.log(
  JSON.stringify({ sent, seconds: (performance.now() - began) / 1000, microseconds: user + system }),
);
process.exit(0);
