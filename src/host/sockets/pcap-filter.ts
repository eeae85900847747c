/** Attaches a pcap-filter(7) expression to a socket: libpcap compiles it, the kernel runs it. */
import { errnoName, libc, library } from '../sys/libc.ts';

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
/** A frame that begins with its IP header: pcap/dlt.h, as Linux counts. */
const DLT_RAW = 12;
const DLT_EN10MB = 1;
const SNAPLEN = 65_535;
/** For `net` without a mask: PCAP_NETMASK_UNKNOWN. */
const NO_MASK = 0xffffffff;

type Pointer = unknown;

/** Debian's name for libpcap, and everybody else's. */
const NAMES = ['libpcap.so.0.8', 'libpcap.so.1', 'libpcap.so'];

interface Calls {
  openDead(link: number, snaplen: number): Pointer;
  close(handle: Pointer): void;
  compile(handle: Pointer, program: object, text: string, optimise: number, mask: number): number;
  free(program: object): void;
  why(handle: Pointer): string;
  attach(fd: number, level: number, name: number, program: object, length: number): number;
}

let loaded: Calls | undefined;

/** @throws Error where libpcap cannot be loaded */
function calls(): Calls {
  loaded ??= load();
  return loaded;
}

function load(): Calls {
  const koffi = library();
  const program = koffi.struct('bpf_program', { length: 'unsigned int', instructions: 'void *' });
  const pcap = NAMES.map((name) => {
    try {
      return koffi.load(name);
    } catch {
      return undefined;
    }
  }).find((one) => one !== undefined);
  if (!pcap) throw new Error('libpcap cannot be loaded (apt-get install libpcap0.8)');
  // struct sock_fprog has a short where bpf_program has an int: both are little-endian and padded alike.
  const attach = koffi
    .load('libc.so.6')
    .func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(program), 'unsigned int']);
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
    free: pcap.func('pcap_freecode', 'void', [koffi.pointer(program)]),
    why: pcap.func('const char *pcap_geterr(void *handle)'),
    attach,
  } as unknown as Calls;
}

/**
 * The socket lets through what the expression names and nothing else; to be called before it is bound.
 * `layer`: does a frame begin with its Ethernet header, or with its IP header?
 * @throws Error with libpcap's words for an expression it does not understand
 */
export function attachFilter(fd: number, expression: string, layer: 'ethernet' | 'ip'): void {
  const c = calls();
  const handle = c.openDead(layer === 'ip' ? DLT_RAW : DLT_EN10MB, SNAPLEN);
  const program = {};
  try {
    if (c.compile(handle, program, expression, 1, NO_MASK) !== 0) throw new Error(`filter: ${c.why(handle)}`);
    try {
      if (c.attach(fd, SOL_SOCKET, SO_ATTACH_FILTER, program, 16) !== 0)
        throw new Error(`filter: ${errnoName(libc().errno())}`);
    } finally {
      c.free(program);
    }
  } finally {
    c.close(handle);
  }
}
