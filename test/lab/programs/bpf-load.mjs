#!/usr/bin/env node
// Pins small BPF programs in the folder $BPF, for the scenarios that need one: no compiler, no python, koffi alone.
import { existsSync, unlinkSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';

if (endianness() !== 'LE') throw new Error('These programs are written down for little-endian machines.');
const folder = process.env.BPF;
const syscallNumber = { x64: 321, arm64: 280 }[process.arch];
const libc = koffi.load(null);
const syscall = libc.func('long syscall(long number, long command, void *attributes, unsigned int size)');

const PROGRAM_LOAD = 5;
const OBJECT_PIN = 6;
const types = { classifier: 3, xdp: 6, cgroup: 8, create: 9, connect: 18 };
const EGRESS = 1;
const CONNECT4 = 10;
const BIND4 = 8;
const CREATE = 2;

/** One instruction: operation, destination and source register, offset, immediate value. */
function instruction(operation, destination = 0, source = 0, offset = 0, immediate = 0) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(operation, 0);
  bytes.writeUInt8((source << 4) | destination, 1);
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(immediate, 4);
  return bytes;
}

/** return value; */
const returns = (value) => [instruction(0xb7, 0, 0, 0, value), instruction(0x95)];

/** bpf_skb_store_bytes(skb, offset, &value, 1, 0) where skb->protocol is IPv4; then pass the packet on. */
const overwrites = (offset, value) => [
  instruction(0x61, 7, 1, 16),
  instruction(0x55, 7, 0, 7, 8),
  instruction(0x72, 10, 0, -1, value),
  instruction(0xb7, 2, 0, 0, offset),
  instruction(0xbf, 3, 10),
  instruction(0x07, 3, 0, 0, -1),
  instruction(0xb7, 4, 0, 0, 1),
  instruction(0xb7, 5, 0, 0, 0),
  instruction(0x85, 0, 0, 0, 9),
  ...returns(0),
];

/** Bytes of an Ethernet frame with bare IPv4: 12 the protocol, 23 that of IPv4 (17: UDP), 34 the source port. */
const DATAGRAM_FROM_53 = [
  [2, 12, 0x0800],
  [1, 23, 17],
  [2, 34, 53],
];

/** return value where it is an IPv4 datagram from port 53, else pass: for a classifier by LD_ABS, which swaps bytes itself. */
const endsAnswers = (value) => [
  instruction(0xbf, 6, 1),
  ...DATAGRAM_FROM_53.flatMap(([size, offset, wanted], index) => [
    instruction(size === 2 ? 0x28 : 0x30, 0, 0, 0, offset),
    instruction(0x55, 0, 0, 2 * (2 - index) + 2, wanted),
  ]),
  ...returns(value),
  ...returns(0),
];

/** The same for XDP, which reads the frame between data and data_end. */
const endsAnswersEarly = (value) => [
  instruction(0x61, 2, 1, 0),
  instruction(0x61, 3, 1, 4),
  instruction(0xbf, 4, 2),
  instruction(0x07, 4, 0, 0, 36),
  instruction(0x2d, 4, 3, 8),
  ...DATAGRAM_FROM_53.flatMap(([size, offset, wanted], index) => [
    instruction(size === 2 ? 0x69 : 0x71, 0, 2, offset),
    instruction(0x55, 0, 0, 2 * (2 - index) + 2, size === 2 ? swapped(wanted) : wanted),
  ]),
  ...returns(value),
  ...returns(2),
];

/** Two bytes as a little-endian machine reads them off the wire. */
const swapped = (value) => ((value & 0xff) << 8) | (value >> 8);

function pin(name, type, instructions, attachType = 0) {
  const file = join(folder, name);
  if (existsSync(file)) unlinkSync(file);
  const descriptor = load(name, type, Buffer.concat(instructions), attachType);
  const attributes = Buffer.alloc(16);
  attributes.writeBigUInt64LE(addressOf(Buffer.from(`${file}\0`)), 0);
  attributes.writeUInt32LE(descriptor, 8);
  if (bpf(OBJECT_PIN, attributes) < 0)
    throw new Error(`${file} could not be pinned: is it on a bpf file system?`);
}

function load(name, type, code, attachType) {
  const log = Buffer.alloc(8192);
  const attributes = Buffer.alloc(120);
  attributes.writeUInt32LE(type, 0);
  attributes.writeUInt32LE(code.length / 8, 4);
  attributes.writeBigUInt64LE(addressOf(code), 8);
  attributes.writeBigUInt64LE(addressOf(Buffer.from('GPL\0')), 16);
  attributes.writeUInt32LE(1, 24);
  attributes.writeUInt32LE(log.length, 28);
  attributes.writeBigUInt64LE(addressOf(log), 32);
  attributes.writeUInt32LE(attachType, 68);
  const descriptor = bpf(PROGRAM_LOAD, attributes);
  if (descriptor < 0) throw new Error(`${name} was refused: ${log.toString('latin1').replace(/\0.*$/s, '')}`);
  return descriptor;
}

// The kernel reads these buffers after the call that wrote their addresses: they must not be collected before.
const kept = [];

function addressOf(buffer) {
  kept.push(buffer);
  return koffi.address(buffer);
}

function bpf(command, attributes) {
  return Number(syscall(syscallNumber, command, attributes, attributes.length));
}

pin('xdp_drop', types.xdp, returns(1));
pin('cgroup_drop_in', types.cgroup, returns(0));
pin('cgroup_drop_out', types.cgroup, returns(0), EGRESS);
pin('cgroup_no_connect', types.connect, returns(0), CONNECT4);
pin('cgroup_no_bind', types.connect, returns(0), BIND4);
pin('cgroup_no_socket', types.create, returns(0), CREATE);
pin('cgroup_pass_out', types.cgroup, returns(1), EGRESS);
pin('tc_drop', types.classifier, returns(2));
pin('tc_drop_dns', types.classifier, endsAnswers(2));
pin('xdp_drop_dns', types.xdp, endsAnswersEarly(1));
// Bytes of an Ethernet frame with IPv4: 22 is the time to live, 48 (behind a bare IPv4 header) TCP's window.
// Neither checksum is mended.
pin('tc_spoils_header', types.classifier, overwrites(22, 0x3b));
pin('tc_spoils_tcp', types.classifier, overwrites(48, 0x77));
