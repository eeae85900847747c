import { Option } from 'commander';
import { wrongCall } from '../../model/failure.ts';
import { command } from '../command.ts';
import { canConverse, converse } from '../conversation.ts';
import { fixOptions, fixWish } from '../fix-options.ts';
import { checkFlow, familyOptions, flowOptions } from '../flow-options.ts';
import { engine, HOUR, json, seconds, timeout, tracing, whole } from '../options.ts';
import { questionOf } from '../question.ts';

/** The payload of a probe counts in one byte. */
const MOST_PROBES = 250;

export default command({
  name: 'diagnose',
  takes: '[target]',
  does: "shows where a target's packets stop, why, and how to mend it",
  more: `A probe is sent through the real path while every hop is watched. A target that has the name of
a command is diagnosed with \`netdoctor diagnose NAME\`.`,
  examples: [
    'netdoctor web                          the container web to the internet (1.1.1.1)',
    'netdoctor web --to 198.51.100.1:443    a TCP connection',
    'netdoctor web --to container:db:5432   to another container',
    'netdoctor web --from host --to :80     from this host to port 80 of the container',
    'netdoctor netns:red --proto dns --name example.com',
  ],
  overdue: 'settled',
  options: [
    ...flowOptions('what its programs fail at now, else NETDOCTOR_TO or 1.1.1.1'),
    new Option(
      '--data <KIND>',
      'what is said over a TCP connection that stands (default: by the port, http on 80 and 8080, tls on 443 and 8443)',
    ).choices(['http', 'tls', 'none']),
    new Option('--no-data', 'says nothing over it'),
    ...familyOptions(),
    new Option('--count <N>', 'how many probes').argParser(whole(1, MOST_PROBES)).default(3),
    new Option(
      '--wait <S>',
      'seconds an answer from beyond this host, or to what was said, is waited for; up to two more before silence is told, and longer where its connections mostly take longer',
    )
      .argParser(seconds(0.05, HOUR))
      .default(1),
    new Option('--wait-outside <S>', 'seconds a packet from outside is waited for (default: 120)').argParser(
      seconds(1, HOUR),
    ),
    timeout(),
    json(),
    new Option('--ndjson', 'each event as a line of JSON as it happens, the document last').conflicts('json'),
    new Option('--plain', 'text, and no conversation'),
    new Option('--no-trace', 'arms no nft table and no tracepoints of the kernel'),
    engine(),
    tracing(),
    new Option('--read-only', 'changes nothing on this host but the traces it arms and takes back'),
    ...fixOptions(),
    new Option(
      '--save <FILE.pcapng>',
      'keeps the packets, what became of them and all that was answered in a file, which netdoctor replay judges again',
    ).conflicts('redact'),
    // Each command that is run would be told as it is.
    new Option(
      '--redact',
      'replaces addresses and names in what is shown, each by the same one everywhere',
    ).conflicts('verbose'),
  ],
  // What was armed is taken back first; the kernel waits for a grace period at some of it.
  patience: 3000,
  async run(context) {
    const { words, options, screen, signal } = context;
    const [target = null] = words;
    const talks = canConverse(context);
    if (target === null && !talks)
      throw wrongCall(
        'no-target',
        'No target is named.',
        'netdoctor <target>, as in netdoctor web; netdoctor containers lists what there is.',
      );
    checkFlow(options);
    const wish = fixWish(options, screen);
    const real = await context.machine(talks ? 'quietly' : undefined);
    const kept =
      options.save === undefined
        ? null
        : (await import('../save-diagnosis.ts')).keeping(real, String(options.save));
    try {
      const machine = kept?.machine ?? real;
      const question = await questionOf(target ?? '', options, machine);
      if (talks) {
        await converse({ machine, target, defaults: question, options, screen, signal });
        return 0;
      }
      const { report } = await import('../report.ts');
      const asked = { machine, question, screen, signal, wish, spent: context.spent, ...shown(options) };
      const code = await report(kept ? { ...asked, learn: kept.learn } : asked);
      await kept?.write();
      return code;
    } finally {
      kept?.discard();
    }
  },
});

const shown = (options: Readonly<Record<string, unknown>>) => ({
  as: options.ndjson ? ('ndjson' as const) : options.json ? ('json' as const) : ('text' as const),
  all: options.verbose === true,
  redact: options.redact === true,
});
