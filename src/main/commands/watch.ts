import { Option } from 'commander';
import { parseStart } from '../../model/ends.ts';
import { wrongCall } from '../../model/failure.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';
import { checkFlow, familyOptions, flowOptions } from '../flow-options.ts';
import { engine, json, seconds } from '../options.ts';
import { questionOf } from '../question.ts';

const DAY = 86_400;
const HOUR = 3600;

export default command({
  name: 'watch',
  takes: '[target]',
  does: 'sends a probe again and again, and counts at every hop what is lost and how long it takes',
  more: `For what fails only now and then. Every --interval a probe is sent the way of --to, and seen at every hop: of each leg of
the way it tells what is lost on the way out and on the way back, and the microseconds between, by the kernel's own stamps.
It goes on until --duration or Ctrl-C. Exit code 1: something was lost, or changed.`,
  examples: [
    'netdoctor watch web --to 198.51.100.1',
    'netdoctor watch web --to container:db:5432 --duration 60',
    'netdoctor watch web --to 198.51.100.1 --interval 0.02 --json --duration 600',
  ],
  options: [
    ...flowOptions('NETDOCTOR_TO or 1.1.1.1'),
    ...familyOptions(),
    new Option('--interval <S>', 'seconds between two probes').argParser(seconds(0.005, HOUR)).default(0.2),
    new Option('--duration <S>', 'ends after so many seconds').argParser(seconds(0.1, 365 * DAY)),
    new Option('--window <S>', 'seconds that are looked at beside the whole run')
      .argParser(seconds(1, HOUR))
      .default(60),
    new Option('--wait <S>', 'seconds an answer is waited for').argParser(seconds(0.05, 60)).default(1),
    json(),
    new Option('--ndjson', 'each event as a line of JSON as it happens, the document last').conflicts('json'),
    new Option('--plain', 'text, and nothing drawn'),
    new Option('--no-trace', 'does not ask the kernel why a packet was lost, nor which rule took it'),
    engine(),
  ],
  patience: 3000,
  untilInterrupted: true,
  async run(context) {
    const { words, options } = context;
    const [target] = words;
    if (target === undefined)
      throw wrongCall(
        'no-target',
        'No target is named.',
        'netdoctor watch <target>, as in netdoctor watch web; netdoctor containers lists what there is.',
      );
    checkFlow(options);
    if (parseStart(String(options.from)).kind === 'outside')
      throw wrongCall(
        'not-from-outside',
        'A watch sends its own probes, and cannot send any from outside this host.',
        'Watch from the container or the host: --from host',
      );
    return watching(context, target);
  },
});

async function watching(
  { options, screen, signal, machine: load }: Context,
  target: string,
): Promise<number> {
  const machine = await load();
  const question = await questionOf(target, { ...options, count: 1, timeout: 10 }, machine);
  const [{ watch }, { Ledger }, { summaryOf }, text, { eventLine }, { jsonLine, jsonText }] =
    await Promise.all([
      import('../../watch/run.ts'),
      import('../../watch/ledger.ts'),
      import('../../watch/summary.ts'),
      import('../../watch/text/lines.ts'),
      import('../../watch/ndjson.ts'),
      import('../../output/json.ts'),
    ]);
  const asked = {
    question,
    interval: Number(options.interval),
    duration: options.duration === undefined ? null : Number(options.duration),
    window: Number(options.window),
    engine: options.engine === 'cap' ? ('cap' as const) : ('packet' as const),
    into: null,
  };
  const ledger = new Ledger(asked.window, asked.interval);
  const from = Date.now();
  // --passive goes here: another source of the same events, from the target's own packets.
  const ended = await watch(
    machine,
    asked,
    (event) => {
      ledger.take(event);
      if (options.json) return;
      if (options.ndjson) {
        const line = eventLine(event, ledger.course);
        if (line !== undefined) screen.out(line);
      } else if (event.type === 'watching') screen.err(text.beginningText(event, asked.interval));
      else if (event.type === 'loss') screen.out(text.lossText(ledger.course!, event));
    },
    signal,
  );
  const summary = summaryOf(ledger, asked, ended, { from, until: Date.now() });
  if (options.json) screen.out(jsonText(summary));
  else if (options.ndjson) screen.out(jsonLine(summary));
  else screen.out(text.endText(ledger, ended, screen.columns));
  await screen.flushed(AbortSignal.timeout(1000));
  if (ended.because) return 3;
  return summary.lost + summary.unsent > 0 ? 1 : 0;
}
