/** The options of capture and replay: netdoctor's words, and the letters that tcpdump's hands type. */
import { InvalidArgumentError, Option } from 'commander';
import { engine, json, seconds, whole } from './options.ts';

/** The longest frame that is read. Bytes. */
const LONGEST = 65_535;
const DAY = 86_400;
const MOST = 1_000_000_000;

/** 0: the whole frame, as tcpdump(8) -s has it. */
const snaplen = (text: string): number => whole(0, 262_144)(text) || LONGEST;

const UNITS: Readonly<Record<string, number>> = { '': 1_000_000, k: 1000, m: 1_000_000, g: 1_000_000_000 };

/** Bytes; a bare number counts millions of them, as tcpdump(8) -C has it. */
function size(text: string): number {
  const [, number, unit] = /^(\d{1,9})([kmg]?)b?$/i.exec(text) ?? [];
  const bytes = Number(number) * (UNITS[(unit ?? '').toLowerCase()] ?? 0);
  if (!number || bytes < 1000) throw new InvalidArgumentError('It takes a size, as in 500k, 10M or 2G.');
  return bytes;
}

const each = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** How lines about packets look. */
export const lineOptions = (): Option[] => [
  new Option('-n, --numeric', 'addresses and ports as numbers, which they always are'),
  new Option('-e, --link-header', 'the link header of each packet too'),
  new Option('-q, --quiet', 'fewer words about each packet'),
  new Option('-v, --fields', 'the fields of the IP header too'),
  new Option('-X, --hex', 'the bytes of each packet too, as numbers and as text; with --payload'),
  new Option('-A, --ascii', 'the bytes of each packet too, as text; with --payload'),
];

export const captureOptions = (): Option[] => [
  new Option('--hop <NAME>', 'only at this hop; again and again for several').argParser(each),
  new Option('-w, --save <FILE>', 'into a pcapng file, which must not be there yet; - is a pipe'),
  new Option('-r, --read <FILE>', 'shows a file, as netdoctor replay does'),
  new Option('-s, --snaplen <BYTES>', 'so many bytes of a frame at most').argParser(snaplen).default(LONGEST),
  new Option('--payload', 'takes data too, not headers alone'),
  new Option('-c, --max-packets <N>', 'ends after so many packets').argParser(whole(1, MOST)),
  new Option('--duration <S>', 'ends after so many seconds').argParser(seconds(0.1, 365 * DAY)),
  new Option(
    '-C, --rotate <SIZE>',
    'a new file after 500k, 10M, 2G; a bare number is in millions of bytes',
  ).argParser(size),
  new Option(
    '-G, --rotate-seconds <S>',
    'a new file after so many seconds; its name may hold %H%M%S and the like',
  ).argParser(whole(1, 365 * DAY)),
  new Option('-W, --files <N>', 'so many files at most, of which the oldest is written anew').argParser(
    whole(1, 10_000),
  ),
  new Option('-Q, --direction <WAY>', 'what comes in at an interface, or goes out')
    .choices(['in', 'out', 'inout'])
    .default('inout'),
  new Option('--print', 'lines about packets too, where they are saved'),
  new Option('-l, --line-buffered', 'each line at once, which it always is'),
  new Option('-U, --packet-buffered', 'each packet into the file at once, as it always is'),
  json(),
  new Option('--ndjson', 'each packet as a line of JSON as it is known, the document last').conflicts('json'),
  engine(),
  new Option('--no-trace', 'does not ask the kernel why a packet ended'),
  ...lineOptions(),
];
