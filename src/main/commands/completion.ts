import { wrongCall } from '../../model/failure.ts';
import { plain } from '../../words/text.ts';
import { command } from '../command.ts';

export default command({
  name: 'completion',
  takes: '<shell>',
  does: 'prints what completes netdoctor in a shell: bash, zsh or fish',
  more: `bash   source <(netdoctor completion bash)
zsh    netdoctor completion zsh > a file called _netdoctor in a folder of $fpath
fish   netdoctor completion fish > ~/.config/fish/completions/netdoctor.fish`,
  overdue: 'unasked',
  options: [],
  async run({ words, screen }, commands) {
    const [shell = ''] = words;
    const load = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (!load) {
      throw wrongCall(
        'unknown-shell',
        `Completion for "${plain(shell)}" is not known.`,
        'There are bash, zsh and fish.',
      );
    }
    const { vocabulary } = await import('../vocabulary.ts');
    const { default: script } = await load();
    screen.out(script(vocabulary(commands)));
    return 0;
  },
});

const SHELLS: Readonly<Record<string, (() => Promise<typeof import('../shells/bash.ts')>) | undefined>> = {
  bash: () => import('../shells/bash.ts'),
  zsh: () => import('../shells/zsh.ts'),
  fish: () => import('../shells/fish.ts'),
};
