import { Option } from 'commander';
import { parseStart } from '../../model/ends.ts';
import { wrongCall } from '../../model/failure.ts';
import { command } from '../command.ts';
import { checkFlow, familyOptions, flowOptions } from '../flow-options.ts';
import { engine, HOUR, json, seconds } from '../options.ts';
import { questionOf } from '../question.ts';

const DAY = 86_400;

export default command({
  name: 'watch',
  takes: '[target]',
  does: 'asks again and again: what is lost where, and what changed',
  more: `For what fails only now and then. Every --interval a probe is sent the way of --to, and seen at every hop: of each leg of
the way it tells what is lost on the way out and on the way back, and the microseconds between, by the kernel's own stamps.
What changes meanwhile in the namespaces of the way (rules, routes, addresses, links, settings) stands beside the losses.
It goes on until --duration or Ctrl-C. Exit code 1: something was lost or has changed, as --alarm says.`,
  examples: [
    'netdoctor watch web --to 198.51.100.1',
    'netdoctor watch web --to container:db:5432 --duration 60',
    'netdoctor watch web --passive',
    'netdoctor watch web --to 198.51.100.1 --interval 0.02 --duration 600 --alarm loss=0.5 --json',
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
    new Option(
      '--alarm <WHAT>',
      'what makes exit code 1: loss, loss=PERCENT, change, several with commas between them, or none',
    ).default('loss,change'),
    new Option(
      '--passive',
      "sends nothing, and tells what goes wrong in the target's own traffic, at which hop and of which program",
    ),
    new Option(
      '--save <FILE.pcapng>',
      'keeps the target’s packets of the second before and after each loss, or of what --passive tells, and the state of the host at that moment',
    ),
    json(),
    new Option('--ndjson', 'each event as a line of JSON as it happens, the document last').conflicts('json'),
    new Option('--plain', 'text, and nothing drawn'),
    new Option(
      '--armed',
      'asks the kernel from the beginning why a packet was lost, and not only once one was: the first loss has its reason too',
    ),
    new Option('--no-trace', 'does not ask the kernel why a packet was lost, nor which rule took it'),
    engine(),
  ],
  // What was armed is taken back first; the kernel waits for a grace period at some of it.
  patience: 3000,
  untilInterrupted: true,
  async run(context) {
    const { words, options, screen, signal, machine: load } = context;
    const [target] = words;
    if (target === undefined)
      throw wrongCall(
        'no-target',
        'No target is named.',
        'netdoctor watch <target>, as in netdoctor watch web; netdoctor containers lists what there is.',
      );
    if (options.passive) return (await import('../watch-passive.ts')).reportPassive(context, target);
    checkFlow(options);
    if (parseStart(String(options.from)).kind === 'outside')
      throw wrongCall(
        'not-from-outside',
        'A watch sends its own probes, and can send none from outside this host.',
        'Watch from the container or the host: --from host',
      );
    const { parseAlarms } = await import('../../watch/alarms.ts');
    const wanted = parseAlarms(String(options.alarm));
    const draws = screen.interactive && !options.json && !options.ndjson && !options.plain;
    const machine = await load(draws ? 'quietly' : undefined);
    const { intoOf } = await import('../watch-file.ts');
    const into = intoOf(options, machine);
    const asked = {
      question: await questionOf(target, { ...options, count: 1, timeout: 10 }, machine),
      interval: Number(options.interval),
      duration: options.duration === undefined ? null : Number(options.duration),
      window: Number(options.window),
      armed: options.armed === true,
      into,
    };
    const { reportWatch } = await import('../watch-report.ts');
    const as = options.ndjson ? 'ndjson' : options.json ? 'json' : draws ? 'drawn' : 'text';
    return reportWatch({ machine, asked, wanted, as, screen, signal });
  },
});
