#!/usr/bin/env node
// A VPN of two programs, each with a tun of its own: vpn DEVICE LOCAL PORT PEER. Packets travel in UDP between LOCAL:PORT
// and PEER:PORT, as they are (drivers/net/tun.c, Documentation/networking/tuntap.rst). Ends by itself.
import { createSocket } from 'node:dgram';
import { openSync, read, write } from 'node:fs';
import koffi from 'koffi';

const SECONDS = 900;
/** _IOW('T', 202, int) and the flags of linux/if_tun.h: packets of IP, without a head. */
const TUNSETIFF = 0x400454ca;
const IFF_TUN = 0x0001;
const IFF_NO_PI = 0x1000;
const [device, local, port, peer] = process.argv.slice(2);

const ioctl = koffi.load('libc.so.6').func('int ioctl(int fd, unsigned long request, void *argument)');
const tun = openSync('/dev/net/tun', 'r+');
const request = Buffer.alloc(40);
request.write(device, 0, 'latin1');
request.writeUInt16LE(IFF_TUN | IFF_NO_PI, 16);
if (ioctl(tun, TUNSETIFF, request) !== 0) throw new Error(`no tun of the name ${device}`);

const outer = createSocket('udp4');
outer.on('message', (packet) => write(tun, packet, () => {}));
outer.on('error', () => {});
outer.bind(Number(port), local, () => {
  process.stdout.write('ready\n');
  next();
});
setTimeout(() => process.exit(), SECONDS * 1000);
process.stdout.on('error', () => {});

/** One packet at a time, on a thread that waits for it. */
function next() {
  const packet = Buffer.alloc(65_536);
  read(tun, packet, 0, packet.length, null, (error, length) => {
    // EIO: the device is down.
    if (error) return setTimeout(next, 100);
    outer.send(packet.subarray(0, length), Number(port), peer, () => {});
    next();
  });
}
