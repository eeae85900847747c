/** The few system calls Node has no words for, through koffi; numbers are those of x86-64 and arm64 (asm-generic where they agree). */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { cannotLook } from '../../model/failure.ts';
import { plain } from '../../words/text.ts';
import { isCheckout, packageRoot } from '../package.ts';
import { cLibrary, loadBrought } from '../prebuilt.ts';

/** All of these return an int or a long; `.async` runs the call on a pool thread. */
interface Call {
  (...args: unknown[]): number;
  async(...args: unknown[]): void;
}

type Calls = ReturnType<typeof load>;

let loaded: Calls | undefined;

/** Loaded at first use: 8 ms that `--help` does not pay. */
export function libc(): Calls {
  loaded ??= load();
  return loaded;
}

function load() {
  const koffi = library();
  // musl's has another name on each machine, and is what the process itself has anyway: dlopen(3) of NULL.
  const own = koffi.load(cLibrary() === 'musl' ? null : 'libc.so.6');
  const call = (prototype: string): Call => own.func(prototype) as unknown as Call;
  koffi.struct('sock_fprog', { len: 'uint16', filter: 'void *' });
  return {
    errno: () => koffi.errno() as number,
    setns: call('int setns(int fd, int nstype)'),
    socket: call('int socket(int domain, int type, int protocol)'),
    setfsuid: call('int setfsuid(unsigned int id)'),
    setfsgid: call('int setfsgid(unsigned int id)'),
    /** setgroups(2) itself: the one of the C library gives every thread the same. */
    setgroups: call('long syscall(long number, size_t size, const void *groups)'),
    bind: call('int bind(int fd, const void *address, unsigned int length)'),
    connect: call('int connect(int fd, const void *address, unsigned int length)'),
    sendto: call(
      'long sendto(int fd, const void *bytes, size_t length, int flags, const void *address, unsigned int size)',
    ),
    recvfrom: call('long recvfrom(int fd, void *bytes, size_t length, int flags, void *address, void *size)'),
    recvmmsg: call('int recvmmsg(int fd, void *messages, unsigned int count, int flags, void *timeout)'),
    setsockopt: call('int setsockopt(int fd, int level, int name, const void *value, unsigned int length)'),
    /** setsockopt(2) of a struct sock_fprog, which holds a pointer: `{ len, filter }`. */
    attachFilter: call(
      'int setsockopt(int fd, int level, int name, const sock_fprog *value, unsigned int length)',
    ),
    getsockopt: call('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    getsockname: call('int getsockname(int fd, void *address, void *size)'),
    poll: call('int poll(void *fds, unsigned long count, int timeout)'),
    eventfd: call('int eventfd(unsigned int value, int flags)'),
    close: call('int close(int fd)'),
    mount: call(
      'int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)',
    ),
    ioctl: call('int ioctl(int fd, unsigned long request, void *argument)'),
    ioctlNumber: call('int ioctl(int fd, unsigned long request, int argument)'),
    perf_event_open: call(
      'long syscall(long number, void *attributes, int pid, int cpu, int group, unsigned long flags)',
    ),
    mmap: own.func(
      'void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)',
    ) as unknown as (...args: unknown[]) => unknown,
    flock: call('int flock(int fd, int operation)'),
    clock_gettime: call('int clock_gettime(int clock, void *time)'),
    gettid: call('int gettid()'),
    prctl: call('int prctl(int option, unsigned long argument)'),
    syscall3: call('long syscall(long number, const char *a, int b, int c)'),
    syscall5: call('long syscall(long number, int a, int b, const char *c, const char *d, int e)'),
    bpf: call('long syscall(long number, int command, void *attributes, int size)'),
  };
}

let koffi: typeof import('koffi') | undefined;

/** Koffi itself. @throws Failure where the package is not there, or is not made for this machine */
export function library(): typeof import('koffi') {
  try {
    koffi ??= loadBrought('koffi.node', addon) ?? fromNpm();
    return koffi;
  } catch (error) {
    throw cannotLook(
      'no-koffi',
      `netdoctor lacks its package koffi, by which it enters network namespaces: ${plain(String((error as Error).message).split('\n')[0] ?? '')}.`,
      isCheckout()
        ? 'In the folder of netdoctor: npm run setup'
        : 'Install the netdoctor that is made for this machine: Linux with glibc or musl, on x64 or arm64',
    );
  }
}

/** As `require` of that file, which looks at every folder of the path and beside them first. */
function addon(file: string): typeof import('koffi') {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports as typeof import('koffi');
}

/** Its JavaScript only looks for the native file, and warns of what has another name now; where the file lies elsewhere, it finds it. */
function fromNpm(): typeof import('koffi') {
  const kind = `${cLibrary() === 'musl' ? 'musl' : 'linux'}_${process.arch}`;
  const file = `@koromix/koffi-linux-${process.arch}/${kind}/koffi.node`;
  const usual = path.join(packageRoot(), 'node_modules', file);
  if (existsSync(usual)) return addon(usual);
  const load = createRequire(import.meta.url);
  try {
    return load(file);
  } catch {
    return load('koffi');
  }
}

const NAMES = new Map<number, string>(
  Object.entries(constants.errno)
    // Another name of EAGAIN, errno(3).
    .filter(([name]) => name !== 'EWOULDBLOCK')
    .map(([name, number]) => [number, name] as const),
);

/** An int, as setsockopt(2) takes it and as getsockopt(2) writes a length. */
export function int(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeInt32LE(value);
  return out;
}

/** `ENETUNREACH` for 101. */
export const errnoName = (number: number): string => NAMES.get(number) ?? `errno ${number}`;
