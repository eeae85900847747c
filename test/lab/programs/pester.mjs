#!/usr/bin/env node
// A stranger who sends as fast as the kernel lets him, for so many seconds and no more:
//   pester SECONDS udp ADDRESS PORT        datagrams, from nobody's account
//   pester SECONDS icmp ADDRESS TYPE       ICMP messages of this type
//   pester SECONDS syn SOURCE ADDRESS PORT connections that nobody means, from 64 ports in turn
//   pester SECONDS arp DEVICE ADDRESS      asks the whole segment for an address
//   pester SECONDS replay DEVICE           waits for an ICMP or UDP probe that leaves by this device, and sends it again
//   pester SECONDS resolver ADDRESS        a name server that answers every question with junk without end
// A rate may come first: pester --rate 2000 SECONDS …
import { createRequire } from 'node:module';

const words = process.argv.slice(2);
const rate = words[0] === '--rate' ? Number(words.splice(0, 2)[1]) : Number.POSITIVE_INFINITY;
const [seconds, kind, ...args] = words;
const MOST_SECONDS = 120;
const AF_INET = 2;
const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const [IPPROTO_ICMP, IPPROTO_RAW] = [1, 255];
const ETH_P_ALL = 3;
const NOBODY = 65534;

const library = createRequire(import.meta.url)('koffi').load('libc.so.6');
const socket = library.func('int socket(int domain, int type, int protocol)');
const bind = library.func('int bind(int fd, const void *address, unsigned int length)');
const sendto = library.func(
  'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, unsigned int size)',
);
const recvfrom = library.func(
  'long recvfrom(int fd, void *bytes, size_t length, int flags, void *address, void *size)',
);
const nametoindex = library.func('unsigned int if_nametoindex(const char *name)');

const bytesOf = (address) => address.split('.').map(Number);

function inet(address, port = 0) {
  const out = Buffer.alloc(16);
  out.writeUInt16LE(AF_INET, 0);
  out.writeUInt16BE(port, 2);
  out.set(bytesOf(address), 4);
  return out;
}

/** Internet checksum: RFC 1071. */
function checksum(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function packets(device) {
  const fd = socket(AF_PACKET, SOCK_RAW, 0);
  const address = Buffer.alloc(20);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(nametoindex(device), 4);
  if (bind(fd, address, address.length) !== 0) throw new Error(`cannot bind to ${device}`);
  return fd;
}

const doze = new Int32Array(new SharedArrayBuffer(4));
let end = Number.POSITIVE_INFINITY;

/** Sends these in turn. */
function pester(fd, all, to = null) {
  const began = performance.now();
  // So many between two looks at the clock: fewer where the rate is low.
  const burst = Math.min(64, Math.max(1, Math.floor(rate / 1000)));
  for (let sent = 0; ; sent++) {
    const bytes = all[sent % all.length];
    sendto(fd, bytes, bytes.length, 0, to, to?.length ?? 0);
    if (sent % burst !== 0) continue;
    let now = performance.now();
    for (; sent > ((now - began) * rate) / 1000 && now < end; now = performance.now())
      Atomics.wait(doze, 0, 0, 1);
    if (now > end) return;
  }
}

const kinds = {
  udp([address, port]) {
    process.setgroups([]);
    process.setgid(NOBODY);
    process.setuid(NOBODY);
    pester(socket(AF_INET, SOCK_DGRAM, 0), [Buffer.alloc(32)], inet(address, Number(port)));
  },
  icmp([address, type]) {
    const message = Buffer.alloc(32);
    message[0] = Number(type);
    message.writeUInt16BE(checksum(message), 2);
    pester(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), [message], inet(address));
  },
  syn([source, address, port]) {
    const all = Array.from({ length: 64 }, (_, index) => {
      const packet = Buffer.alloc(40);
      packet.set([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6]);
      packet.set(bytesOf(source), 12);
      packet.set(bytesOf(address), 16);
      packet.writeUInt16BE(20_000 + index, 20);
      packet.writeUInt16BE(Number(port), 22);
      packet.set([0x50, 2, 0xff, 0xff], 32);
      return packet;
    });
    pester(socket(AF_INET, SOCK_RAW, IPPROTO_RAW), all, inet(address));
  },
  arp([device, address]) {
    const frame = Buffer.alloc(42);
    frame.fill(0xff, 0, 6);
    frame.set([2, 0, 0, 0, 0, 9, 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 9, 10, 88, 0, 99], 6);
    frame.set(bytesOf(address), 38);
    pester(packets(device), [frame]);
  },
  replay([device]) {
    const fd = packets(device);
    const frame = Buffer.alloc(2048);
    for (;;) {
      const length = recvfrom(fd, frame, frame.length, 0, null, null);
      const probe = [1, 17].includes(frame[23]) && frame[30] === 198 && frame[31] === 51;
      if (length > 60 && frame.readUInt16BE(12) === 0x0800 && probe)
        return pester(fd, [frame.subarray(0, length)]);
    }
  },
  resolver([address]) {
    const fd = socket(AF_INET, SOCK_DGRAM, 0);
    const own = inet(address, 53);
    if (bind(fd, own, own.length) !== 0) throw new Error(`cannot bind to ${address}`);
    const asker = Buffer.alloc(16);
    const size = Buffer.from([16, 0, 0, 0]);
    recvfrom(fd, Buffer.alloc(512), 512, 0, asker, size);
    const junk = Buffer.alloc(40, 0xff);
    junk[2] = 0x81;
    pester(fd, [junk], asker);
  },
};

setTimeout(() => process.exit(0), MOST_SECONDS * 1000).unref();
end = performance.now() + Math.min(Number(seconds), MOST_SECONDS) * 1000;
kinds[kind](args);
process.exit(0);
