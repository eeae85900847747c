/**
 * Listens to tracepoints by perf events: perf_event_open(2). One ring for each processor; nothing of it has a name in any
 * file system, and all of it goes with the process that holds the descriptors, however that ends.
 */
import { readFileSync } from 'node:fs';
import { type Answer, known, notKnown } from '../../model/answer.ts';
import { errnoName, libc } from '../sys/libc.ts';
import { poller, readable } from '../sys/poller.ts';
import { tracefs } from '../sys/tracefs.ts';
import { turn } from '../sys/turn.ts';
import { Drops } from './drops.ts';
import { PERF_TRACE, TRACEPOINTS, type TraceEvent, type TraceFilters } from './event.ts';
import { type Format, parseFormat } from './format.ts';
import { type Ring, ringOf } from './ring.ts';
import { decodeRecord, SAMPLE_TYPE } from './sample.ts';
import { showsFunctions } from './symbols.ts';
import { toldNames } from './told-names.ts';

/** Number of the system call by architecture. */
const PERF_EVENT_OPEN: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 298, arm64: 241 };
const PERF_TYPE_TRACEPOINT = 2;
const PERF_FLAG_FD_CLOEXEC = 8n;
const IOC = { enable: 0x2400, disable: 0x2401, setOutput: 0x2405, setFilter: 0x40082406 };
/** struct perf_event_attr as of Linux 4.1 (VER5), and where its fields are. */
const ATTR = { bytes: 112, size: 4, config: 8, period: 16, sample: 24, flags: 40, wakeup: 48, clock: 92 };
const DISABLED = 1n;
const USE_CLOCKID = 1n << 25n;
const CLOCK_MONOTONIC = 1;

/** `at`: nanoseconds of CLOCK_MONOTONIC. */
export type Heard = readonly [event: Omit<TraceEvent, 'at'>, at: bigint];

export interface TraceHearer {
  events(heard: readonly Heard[]): void;
  /** So many events came faster than they could be read. */
  lost(events: number): void;
}

export interface Tracepoints {
  /** Sets the filters, and hears from now on. */
  listen(filters: TraceFilters): Answer<void>;
  /** Hears of drops no more. */
  withoutDrops(): void;
  /** Hands over what the kernel has told by now, functions of drops aside. */
  look(): Promise<void>;
  /** Resolves when what the kernel has told by now has been handed over. */
  settled(): Promise<void>;
}

interface Opened {
  readonly fd: number;
  readonly filter: keyof TraceFilters;
}

/**
 * Known: it can listen, and hears nothing yet. What was opened until a refusal goes with this process. `own`: the thread
 * that sends the probes, whose packets are followed beside those of the filtered lengths.
 *
 * Only a drop wakes the reader, or a ring that is half full: where a packet went is asked when it is over.
 */
export function openTracepoints(own: number, hearer: TraceHearer): Answer<Tracepoints> {
  const formats = readFormats();
  if (!formats.known) return formats;
  if (!showsFunctions() && !toldNames())
    return refused('unsupported', 'the kernel hides the addresses of its functions (kptr_restrict)');
  const byId = new Map(formats.value.map(({ format }) => [format.id, format]));
  const drops = new Drops(own, (event, at) => hearer.events([[event, at]]));
  const rings: Ring[] = [];
  const ends: number[] = [];
  const opened: Opened[] = [];
  const cpus = processors();
  for (const cpu of cpus) {
    let output: number | undefined;
    for (const { format, filter } of formats.value) {
      const fd = openOne(format.id, cpu, filter);
      if (typeof fd === 'string')
        return refused(fd === 'EPERM' || fd === 'EACCES' ? 'no-permission' : 'unsupported', because(fd));
      opened.push({ fd, filter });
      if (output === undefined) {
        const ring = ringOf(fd, cpus.length);
        if (!ring) return refused('unsupported', 'a ring of perf events is refused: mmap');
        output = fd;
        rings.push(ring);
        ends.push(fd);
      } else if (libc().ioctlNumber(fd, IOC.setOutput, output) !== 0)
        return refused('unsupported', `perf events cannot share a ring: ${errnoName(libc().errno())}`);
    }
  }
  return known(
    {
      listen,
      withoutDrops,
      look,
      async settled() {
        await look();
        await drops.told();
      },
    },
    PERF_TRACE,
  );

  function listen(filters: TraceFilters): Answer<void> {
    for (const { fd, filter } of opened)
      if (libc().ioctl(fd, IOC.setFilter, Buffer.from(`${filters[filter]}\0`)) !== 0)
        return refused('unsupported', `a filter of perf events is refused: ${errnoName(libc().errno())}`);
    for (const { fd } of opened) libc().ioctlNumber(fd, IOC.enable, 0);
    for (const fd of ends) poller.watch(fd, readable, () => void look());
    return known(undefined, PERF_TRACE);
  }

  function withoutDrops(): void {
    for (const { fd, filter } of opened) if (filter === 'drops') libc().ioctlNumber(fd, IOC.disable, 0);
  }

  /** One turn after another: poll(2) tells of a ring when it is written to, and not as long as something is in it. */
  async function look(): Promise<void> {
    while (takeTurn()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** All rings, whichever has told of a drop: the packet's way may lie in the others. True: there may be more. */
  function takeTurn(): boolean {
    const heard: Heard[] = [];
    const more = rings.filter((ring) =>
      turn(() => {
        const record = ring();
        if (record) hear(record, heard);
        return record !== undefined;
      }),
    );
    if (heard.length > 0) hearer.events(heard);
    return more.length > 0;
  }

  function hear(record: Buffer, heard: Heard[]): void {
    const decoded = decodeRecord(record, byId);
    if (!decoded) return;
    if ('lost' in decoded) {
      hearer.lost(decoded.lost);
      return;
    }
    if (decoded.event.event === 'kfree_skb') {
      if (drops.add(decoded)) return;
      withoutDrops();
      hearer.lost(1);
      return;
    }
    drops.follow(decoded.event.skb);
    heard.push([{ ...decoded.event, location: null }, decoded.at]);
  }
}

const refused = (because: 'no-permission' | 'unsupported', detail: string): Answer<never> =>
  notKnown(because, detail, PERF_TRACE);

function readFormats(): Answer<readonly { format: Format; filter: keyof TraceFilters }[]> {
  const root = tracefs();
  if (!root.known) return root;
  const found = [];
  for (const [name, filter] of TRACEPOINTS) {
    const file = `${root.value}/events/${name}/format`;
    let format: Format | undefined;
    try {
      format = parseFormat(readFileSync(file, 'latin1'));
    } catch (error) {
      return refused(
        'unsupported',
        `tracing: events/${name}/format: ${(error as NodeJS.ErrnoException).code}`,
      );
    }
    if (!format) return refused('unsupported', `tracing: events/${name}/format has no words that are known`);
    found.push({ format, filter });
  }
  return known(found, ['cat', `${root.value}/events/*/*/format`]);
}

/** An errno name where the kernel refuses. */
function openOne(id: number, cpu: number, filter: keyof TraceFilters): number | string {
  const number = PERF_EVENT_OPEN[process.arch];
  if (number === undefined) return 'ENOSYS';
  const attr = Buffer.alloc(ATTR.bytes);
  attr.writeUInt32LE(PERF_TYPE_TRACEPOINT, 0);
  attr.writeUInt32LE(ATTR.bytes, ATTR.size);
  attr.writeBigUInt64LE(BigInt(id), ATTR.config);
  attr.writeBigUInt64LE(1n, ATTR.period);
  attr.writeBigUInt64LE(BigInt(SAMPLE_TYPE), ATTR.sample);
  attr.writeBigUInt64LE(DISABLED | USE_CLOCKID, ATTR.flags);
  attr.writeUInt32LE(filter === 'drops' ? 1 : 0, ATTR.wakeup);
  attr.writeInt32LE(CLOCK_MONOTONIC, ATTR.clock);
  const fd = libc().perf_event_open(number, attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
  return fd < 0 ? errnoName(libc().errno()) : fd;
}

/** Why the kernel may have refused, as far as it tells: perf_event_open(2), kernel_lockdown(7). */
function because(errno: string): string {
  const read = (file: string): string => {
    try {
      return readFileSync(file, 'latin1').trim();
    } catch {
      return '';
    }
  };
  const lockdown = /\[(\w+)\]/.exec(read('/sys/kernel/security/lockdown'))?.[1] ?? 'none';
  const paranoid = read('/proc/sys/kernel/perf_event_paranoid');
  const seccomp = /^Seccomp:\s*([1-9])/m.test(read('/proc/self/status'));
  const told = [
    ...(lockdown === 'none' ? [] : [`lockdown is ${lockdown}`]),
    ...(seccomp ? ['this process is under seccomp'] : []),
    ...(paranoid === '' ? [] : [`perf_event_paranoid is ${paranoid}`]),
  ];
  return `perf_event_open says ${errno}${told.length > 0 ? ` (${told.join(', ')})` : ''}`;
}

/** Numbers of the processors that are online: proc_stat(5). */
const processors = (): number[] =>
  [...readFileSync('/proc/stat', 'latin1').matchAll(/^cpu(\d+) /gm)].map(([, cpu]) => Number(cpu));
