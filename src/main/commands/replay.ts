import { Option } from 'commander';
import { cannotLook, wrongCall } from '../../model/failure.ts';
import { plain } from '../../words/text.ts';
import { lineOptions } from '../capture-options.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

export default command({
  name: 'replay',
  takes: '<file>',
  does: 'shows a saved capture again, and diagnoses it from the state stored inside',
  more: `FILE is pcapng or pcap, of netdoctor or of any other program; - is a pipe. It takes no root, and no machine but this one. A
diagnosis that was saved is judged again from what was seen then, and its verdict decides the exit code. Of other files is
told what packets alone tell: journeys, what was sent again, who fell silent.`,
  examples: [
    'netdoctor replay web.pcapng',
    'netdoctor replay tcpdump.pcap',
    'netdoctor replay web.pcapng --json',
  ],
  overdue: 'unasked',
  options: [
    json(),
    new Option('--no-packets', 'leaves out the lines about packets'),
    new Option('--state', 'shows, of a file of netdoctor watch, how the host was at each loss, as JSON'),
    ...lineOptions(),
  ],
  async run({ words, options, screen, signal }, commands) {
    const [file = ''] = words;
    const [{ inPieces }, { readCapture }, { Conversations }, { pageOf }, { endOfReading, incidentTexts }] =
      await Promise.all([
        import('../../host/piece-by-piece.ts'),
        import('../../capture/read.ts'),
        import('../../capture/conversations.ts'),
        import('../../capture/text/around.ts'),
        import('../replay-text.ts'),
      ]);
    const pieces = inPieces(file);
    if (!pieces.known)
      throw wrongCall(
        'no-file',
        `${plain(file)} cannot be read: ${plain(pieces.detail)}.`,
        'Name a capture: netdoctor replay web.pcapng',
      );
    const silent = options.json === true || options.packets === false || options.state === true;
    const conversations = new Conversations();
    let page: ReturnType<typeof pageOf> | undefined;
    const reading = await readCapture(pieces.value, async (told, { spots, names }) => {
      signal.throwIfAborted();
      if (told.before === 0) conversations.take(told);
      if (silent) return;
      page ??= pageOf({ spots, own: new Set(names.keys()) }, options, screen.glyphs);
      screen.out(page({ told, dropped: null }));
      await screen.ready(signal);
    });
    const around = endOfReading(reading, conversations, options.json !== true);
    (options.json || options.state ? screen.err : screen.out)(around);
    if (options.state) for (const text of incidentTexts(reading)) screen.out(text);
    if (reading.malformed)
      throw cannotLook(
        'malformed-capture',
        `${plain(file)} cannot be read${reading.packets > 0 ? ' to its end' : ''}: ${plain(reading.malformed.what)}, at byte ${reading.malformed.at}.`,
        'What stands before that byte is shown above; the file was damaged, or is of another format.',
      );
    if (reading.recording !== null) {
      const { diagnoseAgain } = await import('../diagnose-again.ts');
      return diagnoseAgain(reading.recording, { commands, screen, signal, options });
    }
    if (options.json)
      throw cannotLook(
        'no-recording',
        `${plain(file)} holds packets, and no diagnosis.`,
        'netdoctor <target> --save FILE.pcapng saves one; leave out --json to see the packets.',
      );
    return 0;
  },
});
