/**
 * Functions of the running kernel by the addresses of their code, as the kernel itself prints them: a BPF program of some
 * forty instructions, attached to nothing, asks bpf_snprintf() for `%ps` (Linux 5.14, bpf-helpers(7)). It is run once for
 * each address and goes with this process. Where bpf(2) is refused, /proc/kallsyms tells the same in fifty times as long.
 */
import { type Bpf, bpfCall } from '../sys/bpf.ts';
import { library } from '../sys/libc.ts';
import { type NameOf, unsplit } from './symbols.ts';

const COMMAND = { mapCreate: 0, mapUpdate: 2, load: 5, run: 10, freeze: 22 };
const MAP_TYPE_ARRAY = 2;
const RDONLY_PROG = 1 << 7;
const PROG_TYPE_SYSCALL = 31;
const SLEEPABLE = 1 << 4;
const SNPRINTF = 165;
/** Of its own licence's names the kernel knows this one: bpf_snprintf() is for programs that are GPL too. */
const LICENCE = 'Dual MIT/GPL\0';
/** Room for a name: KSYM_NAME_LEN is 512 since Linux 6.1, those of C functions are shorter. Bytes, on a stack of 512. */
const NAME = 128;
const WORD = 8;
/** The program is handed an address, and leaves the name behind it. */
const CONTEXT = WORD + NAME;

let ready: NameOf | null | undefined;

/** Null where the kernel takes no such program. */
export function toldNames(): NameOf | null {
  if (ready === undefined) ready = load();
  return ready;
}

function load(): NameOf | null {
  const bpf = bpfCall();
  if (!bpf) return null;
  const format = formatMap(bpf);
  if (format < 0) return null;
  const code = program(format);
  const licence = Buffer.from(LICENCE);
  const attributes = Buffer.alloc(128);
  attributes.writeUInt32LE(PROG_TYPE_SYSCALL, 0);
  attributes.writeUInt32LE(code.length / WORD, 4);
  attributes.writeBigUInt64LE(placeOf(code), 8);
  attributes.writeBigUInt64LE(placeOf(licence), 16);
  attributes.writeUInt32LE(SLEEPABLE, 44);
  const fd = bpf(COMMAND.load, attributes);
  return fd < 0 ? null : (address) => ask(bpf, fd, address);
}

function ask(bpf: Bpf, fd: number, address: bigint): string | null {
  const context = Buffer.alloc(CONTEXT);
  context.writeBigUInt64LE(address, 0);
  const attributes = Buffer.alloc(80);
  attributes.writeUInt32LE(fd, 0);
  attributes.writeUInt32LE(CONTEXT, 40);
  attributes.writeBigUInt64LE(placeOf(context), 48);
  if (bpf(COMMAND.run, attributes) < 0) return null;
  // A module's name follows in brackets; an address that lies in no function is printed as it is.
  const name = context.toString('latin1', WORD).replace(/[\0 ].*$/s, '');
  return name === '' || /^0x/.test(name) ? null : unsplit(name);
}

/** The format's text lies in a map that nobody can write any more: the verifier has to read it. */
function formatMap(bpf: Bpf): number {
  const attributes = Buffer.alloc(128);
  attributes.writeUInt32LE(MAP_TYPE_ARRAY, 0);
  attributes.writeUInt32LE(4, 4);
  attributes.writeUInt32LE(WORD, 8);
  attributes.writeUInt32LE(1, 12);
  attributes.writeUInt32LE(RDONLY_PROG, 16);
  const map = bpf(COMMAND.mapCreate, attributes);
  if (map < 0) return map;
  const [key, text] = [Buffer.alloc(4), Buffer.alloc(WORD)];
  text.write('%ps');
  const update = Buffer.alloc(32);
  update.writeUInt32LE(map, 0);
  update.writeBigUInt64LE(placeOf(key), 8);
  update.writeBigUInt64LE(placeOf(text), 16);
  const freeze = Buffer.alloc(4);
  freeze.writeUInt32LE(map, 0);
  return bpf(COMMAND.mapUpdate, update) < 0 || bpf(COMMAND.freeze, freeze) < 0 ? -1 : map;
}

const placeOf = (bytes: Buffer): bigint => library().address(bytes);

/** Instructions as bpf_design_QA and include/uapi/linux/bpf.h have them; r10 is the frame, r1 to r5 are a call's arguments. */
const OP = { move: 0xbf, set: 0xb7, add: 0x07, load: 0x79, store: 0x7b, wide: 0x18, call: 0x85, exit: 0x95 };
const MAP_VALUE = 2;
const [DATA, TEXT] = [-WORD, -WORD - NAME];

function program(map: number): Buffer {
  const code: Buffer[] = [];
  const emit = (op: number, to: number, from: number, offset: number, value = 0): void => {
    const bytes = Buffer.alloc(WORD);
    bytes.writeUInt8(op, 0);
    bytes.writeUInt8(to | (from << 4), 1);
    bytes.writeInt16LE(offset, 2);
    bytes.writeInt32LE(value, 4);
    code.push(bytes);
  };
  const words = Array.from({ length: NAME / WORD }, (_, index) => index * WORD);
  emit(OP.move, 6, 1, 0);
  emit(OP.load, 1, 6, 0);
  emit(OP.store, 10, 1, DATA);
  emit(OP.set, 1, 0, 0);
  for (const at of words) emit(OP.store, 10, 1, TEXT + at);
  emit(OP.move, 1, 10, 0);
  emit(OP.add, 1, 0, 0, TEXT);
  emit(OP.set, 2, 0, 0, NAME);
  emit(OP.wide, 3, MAP_VALUE, 0, map);
  emit(0, 0, 0, 0);
  emit(OP.move, 4, 10, 0);
  emit(OP.add, 4, 0, 0, DATA);
  emit(OP.set, 5, 0, 0, WORD);
  emit(OP.call, 0, 0, 0, SNPRINTF);
  for (const at of words) {
    emit(OP.load, 1, 10, TEXT + at);
    emit(OP.store, 6, 1, WORD + at);
  }
  emit(OP.set, 0, 0, 0);
  emit(OP.exit, 0, 0, 0);
  return Buffer.concat(code);
}
