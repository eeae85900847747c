import { command, wrong } from '../command.ts';
import { flowOf, flowSlots } from '../flow-words.ts';

const OWN = ['--passive', '--save'];

export default command({
  name: 'watch',
  usage: '[to HOST[:PORT]] [--passive] [--save FILE.pcapng]',
  group: 'case',
  does: 'asks again and again: what is lost where, and what changed',
  more: 'A probe every 200 ms; it takes the words of `check`. `--passive` sends none, and tells what goes wrong in the target’s own traffic. `--save` keeps the packets around what goes wrong. Ctrl-C ends it, and shows the whole. `netdoctor watch` draws it, and has more options.',
  slots(done) {
    if (done.at(-1) === '--save') return ['file'];
    const flow = flowSlots(done.filter((word, at) => !OWN.includes(word) && done[at - 1] !== '--save'));
    return [...flow, { words: OWN.filter((word) => !done.includes(word)) }];
  },
  run(words, desk) {
    const save = words.findIndex(({ text }) => text === '--save');
    const file = save < 0 ? null : (words[save + 1]?.text ?? '');
    if (file === '') return wrong(save, 'Into which file?', 'Type: watch --save web.pcapng');
    // A file may be called like an option.
    const rest = words.filter((_, at) => save < 0 || (at !== save && at !== save + 1));
    const others = rest.filter(({ text }) => text !== '--passive');
    const passive = others.length < rest.length;
    const wish = flowOf(others, desk);
    if ('type' in wish) {
      // Its place is among all that was typed.
      const word = others[wish.word];
      return { ...wish, word: word ? words.indexOf(word) : wish.word };
    }
    const about = passive ? others.find(({ text }, at) => at > 0 && text !== wish.target) : undefined;
    if (about)
      return wrong(
        words.indexOf(about),
        `"${about.text}" is about probes, and --passive sends none.`,
        'Type: watch --passive',
      );
    return { type: 'watch', wish, passive, file };
  },
});
