/** Attaches a pcap-filter(7) expression to a socket: libpcap compiles it, the kernel runs it. */
import { installLine } from '../installing.ts';
import { loadBrought } from '../prebuilt.ts';
import { errnoName, library } from '../sys/libc.ts';
import { ANCILLARY, attachCode, bytesOf, INSTRUCTION, type Instruction } from '../sys/socket-filter.ts';

/** pcap/dlt.h: Linux's cooked capture, whose header of 16 bytes a socket of type SOCK_DGRAM does not show. */
const DLT_LINUX_SLL = 113;
const DLT_EN10MB = 1;
const SLL_HEADER = 16;
/** Where that header has the kind of packet and the protocol, and where the kernel keeps them (linux/filter.h). */
const KEPT: Readonly<Record<number, number>> = { 0: ANCILLARY + 4, 14: ANCILLARY };
/** Classes and modes of loads that read the packet: linux/bpf_common.h. */
const LOADS = new Set([0, 1]);
const FROM_PACKET = new Set([0x20, 0x40, 0xa0]);
const SNAPLEN = 65_535;
/** For `net` without a mask: PCAP_NETMASK_UNKNOWN. */
const NO_MASK = 0xffffffff;

type Pointer = unknown;

/** struct bpf_program */
interface Program {
  readonly length: number;
  readonly instructions: Pointer;
}

/** Everybody's name for libpcap, and Debian's. */
const NAMES = ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'];

interface Calls {
  openDead(link: number, snaplen: number): Pointer;
  close(handle: Pointer): void;
  compile(handle: Pointer, program: Program, text: string, optimise: number, mask: number): number;
  instructions(program: Program): Buffer;
  free(program: Program): void;
  why(handle: Pointer): string;
  version(): string;
}

let loaded: Calls | undefined;

/** @throws Error where libpcap cannot be loaded */
function calls(): Calls {
  loaded ??= load();
  return loaded;
}

function load(): Calls {
  const koffi = library();
  const pcap = firstOf([
    ...NAMES.map((name) => () => koffi.load(name)),
    () => loadBrought('libpcap.so', (file) => koffi.load(file)),
  ]);
  if (!pcap) throw new Error(`libpcap cannot be loaded (${installLine('libpcap')})`);
  // Once: koffi takes no name of a type a second time, and this is tried again where it failed.
  const program = koffi.struct('bpf_program', { length: 'unsigned int', instructions: 'void *' });
  return {
    openDead: pcap.func('void *pcap_open_dead(int link, int snaplen)'),
    close: pcap.func('void pcap_close(void *handle)'),
    compile: pcap.func('pcap_compile', 'int', [
      'void *',
      koffi.out(koffi.pointer(program)),
      'str',
      'int',
      'unsigned int',
    ]),
    instructions: ({ length, instructions }: Program) =>
      Buffer.from(koffi.decode(instructions, 'uint8_t', length * INSTRUCTION) as Uint8Array),
    free: pcap.func('pcap_freecode', 'void', [koffi.pointer(program)]),
    why: pcap.func('const char *pcap_geterr(void *handle)'),
    version: pcap.func('const char *pcap_lib_version()'),
  } as unknown as Calls;
}

/** The machine's own comes first, which its owner keeps up to date; else the one that a release brings along. */
function firstOf<T>(ways: readonly (() => T | null)[]): T | null {
  for (const way of ways) {
    try {
      const found = way();
      if (found) return found;
    } catch {
      // The next one.
    }
  }
  return null;
}

/** `libpcap version 1.10.3 (with TPACKET_V3)`. @throws Error where libpcap cannot be loaded */
export const libpcapVersion = (): string => calls().version();

/** A load past the header of a cooked capture reads the packet itself; one inside it, what the kernel knows of it. */
function uncooked(program: Buffer): Buffer {
  for (let at = 0; at < program.length; at += INSTRUCTION) {
    const code = program.readUInt16LE(at);
    if (!LOADS.has(code & 7) || !FROM_PACKET.has(code & 0xe0)) continue;
    const k = program.readUInt32LE(at + 4);
    const moved = k >= SLL_HEADER ? k - SLL_HEADER : KEPT[k];
    if (moved === undefined)
      throw new Error('filter: it asks for a link header, which not every interface has');
    program.writeUInt32LE(moved, at + 4);
  }
  return program;
}

export interface FilterPlan {
  /** pcap-filter(7) */
  readonly expression: string;
  /** Does a frame begin with its Ethernet header, or (a SOCK_DGRAM socket) with its network header? */
  readonly layer: 'ethernet' | 'network';
  /** Of a longer frame the kernel keeps so many bytes. */
  readonly snaplen?: number;
  /** What comes first, and returns where a frame is not wanted. */
  readonly before?: readonly Instruction[];
}

/**
 * The socket lets through what the plan names and nothing else; to be called before it is bound, and again for another
 * filter, which takes the place of the one before without a gap.
 *
 * @throws Error with libpcap's words for an expression it does not understand
 */
export function attachFilter(fd: number, plan: FilterPlan): void {
  const code = Buffer.concat([bytesOf(plan.before ?? []), compiled(plan)]);
  const errno = attachCode(fd, code);
  if (errno !== null) throw new Error(`filter: ${errnoName(errno)}`);
}

/** The program that libpcap makes of an expression, without a device: pcap_open_dead(3PCAP). */
function compiled({ expression, layer, snaplen = SNAPLEN }: FilterPlan): Buffer {
  const c = calls();
  const handle = c.openDead(layer === 'network' ? DLT_LINUX_SLL : DLT_EN10MB, snaplen);
  const program = {} as Program;
  try {
    if (c.compile(handle, program, expression, 1, NO_MASK) !== 0) throw new Error(`filter: ${c.why(handle)}`);
    try {
      const instructions = c.instructions(program);
      return layer === 'network' ? uncooked(instructions) : instructions;
    } finally {
      c.free(program);
    }
  } finally {
    c.close(handle);
  }
}
