/** Options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';

export const json = () =>
  new Option('--json', 'one JSON document on standard output, and nothing else there');

/** The longest that anything may be waited for. Seconds. */
export const HOUR = 3600;

/** For commands that ask the engine. */
export const timeout = () =>
  new Option('--timeout <S>', 'seconds the whole diagnosis may take')
    .argParser(seconds(0.5, HOUR))
    .default(10);

/** For commands that watch interfaces. */
export const engine = () =>
  new Option(
    '--engine <KIND>',
    'how interfaces are watched: packet (sockets of the kernel) or cap (libpcap); cap where the first cannot be had',
  ).choices(['packet', 'cap']);

/** For commands that follow a packet through the kernel. */
export const tracing = () =>
  new Option(
    '--tracing <KIND>',
    'how the kernel tells what it does to packets: perf (perf events) or tracefs (an instance); tracefs where the first cannot be had',
  ).choices(['perf', 'tracefs']);

/** Every command has these. */
export const common: readonly Option[] = [
  new Option('--no-color', 'no colour (NO_COLOR does the same)'),
  new Option('--no-input', 'never asks anything'),
  new Option('--verbose', 'shows each command that is run, on standard error'),
  new Option('--record <FILE>', 'keeps every answer of the machine in a file (docs/testing.md)').hideHelp(),
];

export const help = new Option('-h, --help', 'shows this help');

/** A parser for whole numbers from `least` to `most`. */
export const whole = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  return number;
};

/** A parser for seconds, with a decimal point where wanted. */
export const seconds = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number < least || number > most)
    throw new InvalidArgumentError(`It takes a number of seconds from ${least} to ${most}.`);
  return number;
};
