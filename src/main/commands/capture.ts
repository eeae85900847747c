import type { CaptureEvent, Ended } from '../../capture/question.ts';
import { wrongCall } from '../../model/failure.ts';
import { shellLine } from '../../words/text.ts';
import { captureOptions } from '../capture-options.ts';
import { command } from '../command.ts';
import type { Context } from '../context.ts';

export default command({
  name: 'capture',
  takes: '[target] [filter...]',
  does: "shows a target's packets at every hop at once, as a tcpdump of all of them",
  more: `One line a packet: when, out of the target or into it, by which interfaces with the microseconds between them, and
what it is. A packet is known again behind NAT. FILTER is one of pcap-filter(7); where it names an address of the target it
is rewritten for hops behind NAT, or said not to apply. Headers are taken, and data only with --payload. Ctrl-C ends it.`,
  examples: [
    'netdoctor capture web',
    'netdoctor capture web tcp port 443',
    'netdoctor capture web --save web.pcapng --duration 60',
    'netdoctor capture web udp port 53 --payload -w dns.pcapng',
    'netdoctor capture web --json --duration 60',
  ],
  options: captureOptions(),
  patience: 5000,
  untilInterrupted: true,
  async run(context, commands) {
    const { words, options } = context;
    const [target, ...filter] = words;
    if (options.read !== undefined) {
      if (target !== undefined)
        throw wrongCall(
          'filter-without-use',
          'A file is shown whole: neither a target nor a filter is taken with it.',
          `Leave them out: ${shellLine(['netdoctor', 'replay', String(options.read)])}`,
        );
      const replay = commands.find(({ name }) => name === 'replay')!;
      return replay.run({ ...context, words: [String(options.read)] }, commands);
    }
    if (target === undefined)
      throw wrongCall(
        'no-target',
        'No target is named.',
        'netdoctor capture <target>, as in netdoctor capture web; netdoctor containers lists what there is.',
      );
    check(options);
    return capturing(context, target, filter.join(' '));
  },
});

async function capturing(
  { options, screen, signal, machine: load }: Context,
  target: string,
  filter: string,
) {
  const machine = await load();
  const [{ capture }, { tellerOf }] = await Promise.all([
    import('../../capture/run.ts'),
    import('../../capture/telling.ts'),
  ]);
  const file = options.save === undefined ? null : String(options.save);
  const teller = tellerOf(
    options,
    { target, filter, silent: file !== null && options.print !== true },
    screen,
  );
  const ended: Ended = await capture(
    machine,
    {
      target,
      filter,
      hops: (options.hop as readonly string[] | undefined) ?? [],
      snaplen: Number(options.snaplen),
      payload: options.payload === true,
      trace: options.trace !== false,
      direction: options.direction === 'inout' ? null : (options.direction as 'in' | 'out'),
      packets: numberOf(options.maxPackets),
      seconds: numberOf(options.duration),
      into:
        file === null
          ? null
          : {
              file,
              most: numberOf(options.files),
              size: numberOf(options.rotate),
              seconds: numberOf(options.rotateSeconds),
              env: machine.env,
            },
    },
    (event: CaptureEvent) => {
      teller.take(event);
      return screen.ready(signal);
    },
    signal,
  );
  teller.end(ended);
  // An interrupted one has something to say too.
  await screen.flushed(AbortSignal.timeout(1000));
  return ended.because === null ? 0 : 3;
}

const numberOf = (value: unknown): number | null => (value === undefined ? null : Number(value));

/** What can be said about the words alone. @throws Failure (exit 2) */
function check({
  save,
  payload,
  hex,
  ascii,
  print,
  rotate,
  rotateSeconds,
  files,
  json,
  ndjson,
}: Readonly<Record<string, unknown>>): void {
  if ((hex || ascii) && !payload)
    throw wrongCall(
      'no-payload',
      `${hex ? '-X' : '-A'} shows data, and headers alone are taken.`,
      'Add --payload',
    );
  if (
    save === undefined &&
    (rotate !== undefined || rotateSeconds !== undefined || files !== undefined || print)
  )
    throw wrongCall(
      'no-file',
      'These options are about a file that is saved, and none is named.',
      'Name one: --save web.pcapng',
    );
  if (files !== undefined && rotate === undefined && rotateSeconds === undefined)
    throw wrongCall(
      'no-rotation',
      '--files counts the files of a rotation.',
      'Say when a new one begins: --rotate 10M',
    );
  if (save === '-' && (rotate !== undefined || rotateSeconds !== undefined))
    throw wrongCall('no-rotation', 'A pipe is one file.', 'Leave out --rotate, or name a file.');
  if ((json || ndjson) && (hex || ascii || save === '-'))
    throw wrongCall(
      'two-outputs',
      `${json ? '--json' : '--ndjson'} leaves standard output to JSON alone.`,
      'Leave out -X, -A and -w -, or name a file: --save web.pcapng',
    );
  if (save === '-' && print)
    throw wrongCall(
      'two-outputs',
      'Packets go into the pipe, and lines about them would too.',
      'Leave out --print, or name a file.',
    );
  if (save === '-' && process.stdout.isTTY)
    throw wrongCall(
      'to-terminal',
      'A capture is no text for a terminal.',
      'Pipe it: … -w - | wireshark -k -i -, or name a file.',
    );
}
