#!/usr/bin/env node
// Servers that answer their own protocol alone: speak KIND ADDRESS PORT [KIND ADDRESS PORT …]. Ends by itself.
//   ntp, ntp-denies, ntp-lost  NTP that has the time, that sends a kiss of death, that has no time itself
//   quic, snmp, stun           a version negotiation, a report of an engine, the address that is seen
//   sink                       takes everything and says nothing, as WireGuard and syslog do
//   babble                     says something that is none of the protocol
import { createSocket } from 'node:dgram';

const SECONDS = 900;
const words = process.argv.slice(2);

const answers = {
  ntp: (question) => time(question, 2),
  'ntp-denies': (question) => time(question, 0),
  'ntp-lost': (question) => time(question, 16),
  quic,
  snmp,
  stun,
  sink: () => null,
  babble: () => Buffer.from('what?\n'),
};

let waiting = 0;
for (let at = 0; at + 2 < words.length; at += 3) {
  waiting += 1;
  const [kind, address, port] = words.slice(at, at + 3);
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (question, from) => {
    const answer = answers[kind](question, from);
    if (answer) socket.send(answer, from.port, from.address);
  });
  socket.bind(Number(port), address, () => {
    waiting -= 1;
    if (waiting === 0) process.stdout.write('ready\n');
  });
}
setTimeout(() => process.exit(), SECONDS * 1000);
process.stdout.on('error', () => {});

/** RFC 5905: a client's 48 bytes, answered by a server's. */
function time(question, stratum) {
  if (question.length !== 48 || (question[0] & 7) !== 3) return null;
  const answer = Buffer.alloc(48);
  answer[0] = (stratum === 16 ? 0xc0 : 0) | 0x20 | 4;
  answer[1] = stratum;
  if (stratum === 0) answer.write('DENY', 12, 'latin1');
  question.copy(answer, 24, 40, 48);
  const now = Date.now() / 1000 + 2_208_988_800;
  for (const at of [16, 32, 40]) answer.writeUInt32BE(Math.floor(now), at);
  return answer;
}

/** RFC 9000 6: a long header of a version that is not 1, in a datagram that is long enough. */
function quic(question) {
  if (question.length < 1200 || !(question[0] & 0x80) || question.readUInt32BE(1) === 1) return null;
  const to = question[5];
  const destination = question.subarray(6, 6 + to);
  const source = question.subarray(7 + to, 7 + to + question[6 + to]);
  const head = Buffer.from([0x80 | 0x5a, 0, 0, 0, 0]);
  const ids = [Buffer.from([source.length]), source, Buffer.from([destination.length]), destination];
  return Buffer.concat([head, ...ids, Buffer.from([0, 0, 0, 1, 0x5a, 0x6a, 0x7a, 0x8a])]);
}

/** RFC 3414 4: a discovery without an engine is answered by a report that names one. */
function snmp(question) {
  if (question[0] !== 0x30 || question[4] !== 3) return null;
  const number = question.subarray(9, 15 - 2);
  const wrap = (tag, ...parts) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([tag, content.length]), content]);
  };
  const int = (value) => wrap(2, Buffer.from([value]));
  const engine = wrap(4, Buffer.from('80001f8804', 'hex'), Buffer.from('lab'));
  const none = wrap(4);
  const head = wrap(
    0x30,
    wrap(2, number),
    wrap(2, Buffer.from([0, 0xff, 0xe3])),
    wrap(4, Buffer.from([0])),
    int(3),
  );
  const security = wrap(4, wrap(0x30, engine, int(1), int(9), none, none, none));
  const unknownEngines = wrap(
    0x30,
    wrap(6, Buffer.from('2b060106030f01010400', 'hex')),
    wrap(0x41, Buffer.from([1])),
  );
  const report = wrap(0xa8, wrap(2, number), int(0), int(0), wrap(0x30, unknownEngines));
  return wrap(0x30, int(3), head, security, wrap(0x30, engine, none, report));
}

/** RFC 8489: the asker's address, covered with the cookie. */
function stun(question, { address, port }) {
  if (question.length < 20 || question.readUInt16BE(0) !== 1 || question.readUInt32BE(4) !== 0x2112a442)
    return null;
  const answer = Buffer.alloc(32);
  answer.writeUInt16BE(0x0101, 0);
  answer.writeUInt16BE(12, 2);
  question.copy(answer, 4, 4, 20);
  answer.writeUInt16BE(0x0020, 20);
  answer.writeUInt16BE(8, 22);
  answer[25] = 1;
  answer.writeUInt16BE(port ^ 0x2112, 26);
  const covered = address.split('.').map((byte, at) => Number(byte) ^ answer[4 + at]);
  Buffer.from(covered).copy(answer, 28);
  return answer;
}
