#!/usr/bin/env node
// The lab's servers: serve KIND ADDRESS PORT [KIND ADDRESS PORT …], KIND is tcp, udp or fresh. Ends by itself.
//   tcp  “GET” is answered with the asker's address, “BIG” with 60 kB, “UP n” with OK once n bytes came
//   udp  a DNS question is answered as a resolver would, anything else is sent back
//   fresh  what comes is sent back from a fresh port each time, as TFTP does
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const SECONDS = 900;
const words = process.argv.slice(2);

let waiting = 0;
for (let at = 0; at + 2 < words.length; at += 3) {
  waiting += 1;
  const [kind, address, port] = words.slice(at, at + 3);
  ({ tcp: serveTcp, udp: serveUdp, fresh: serveFresh })[kind](address, Number(port));
}
setTimeout(() => process.exit(), SECONDS * 1000);
process.stdout.on('error', () => {});

function ready() {
  waiting -= 1;
  if (waiting === 0) process.stdout.write('ready\n');
}

function serveTcp(host, port) {
  const server = createServer({ noDelay: true }, (client) => {
    let got = Buffer.alloc(0);
    client.setTimeout(4000, () => client.destroy());
    client.on('error', () => client.destroy());
    client.on('data', (bytes) => {
      got = Buffer.concat([got, bytes]);
      const answer = answerTo(got, client.remoteAddress);
      if (answer !== undefined) client.end(answer);
    });
  });
  server.listen({ host, port, backlog: 64, ipv6Only: host.includes(':') }, ready);
}

/** The answer to what has come so far, or nothing yet. */
function answerTo(got, asker) {
  const line = got.indexOf('\n');
  if (line < 0) return undefined;
  const question = got.subarray(0, line).toString('latin1');
  if (question.startsWith('BIG')) return Buffer.alloc(60_000, 'x');
  if (!question.startsWith('UP')) return `OK ${asker}`;
  return got.length - line - 1 >= Number(question.split(' ')[1]) ? 'OK' : undefined;
}

function serveFresh(address, port) {
  const socket = createSocket('udp4');
  socket.on('message', (bytes, from) => {
    const answer = createSocket('udp4');
    answer.bind(0, address === '0.0.0.0' ? undefined : address, () =>
      answer.send(bytes, from.port, from.address, () => answer.close()),
    );
  });
  socket.bind(port, address, ready);
}

function serveUdp(address, port) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  // Not what an unreachable asker makes of it; an address that cannot be had ends the program.
  socket.on('error', (error) => {
    if (error.syscall === 'bind') throw error;
  });
  socket.on('message', (bytes, from) => {
    socket.send(isDnsQuestion(bytes) ? dnsAnswer(bytes) : bytes, from.port, from.address);
  });
  socket.bind(port, address, ready);
}

function isDnsQuestion(bytes) {
  return (
    bytes.length >= 17 &&
    (bytes[2] & 0x80) === 0 &&
    bytes.readUInt16BE(4) === 1 &&
    bytes.readUInt16BE(6) === 0
  );
}

/** Every name has the address 198.51.100.1, and no other record. */
function dnsAnswer(question) {
  let end = 12;
  while (question[end] !== 0 && end < question.length) end += question[end] + 1;
  const asked = question.subarray(12, end + 5);
  const isForAddress = question.readUInt16BE(end + 1) === 1;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(isForAddress ? 1 : 0, 6);
  header.fill(0, 8);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, 1]);
  return Buffer.concat([header, asked, isForAddress ? record : Buffer.alloc(0)]);
}
