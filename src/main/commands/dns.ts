import { jsonText } from '../../output/json.ts';
import { paint } from '../../output/line/paint.ts';
import { plain } from '../../words/text.ts';
import { command } from '../command.ts';
import { json } from '../options.ts';

export default command({
  name: 'dns',
  takes: '<target> <name>',
  does: 'tells how the target’s programs look one name up: who is asked, in which order, and what they say',
  more: `The container's own files decide (resolv.conf, hosts, nsswitch.conf), and its C library: glibc and musl do not do the
same. Where it cannot be told which one its programs use, both are shown. The questions are put from the container's
network, to its own name servers alone; where nothing resolves, the host puts the last of them once more, to compare.
Exit code 1 says that a program of the target gets no address, as a diagnosis of that name says. Where an image has no library to
tell its programs by, one of two that fails is shown, and is no fault.`,
  examples: ['sudo netdoctor dns web db.example', 'sudo netdoctor dns netns:red db --json'],
  options: [json()],
  async run({ words, options, screen, machine }) {
    const { nameStory } = await import('../../engine/name-story.ts');
    const { failsForSomebody } = await import('../../resolver/story.ts');
    const { lookUpDocument } = await import('../../resolver/document.ts');
    const [wanted = '', name = ''] = words;
    const { target, story } = await nameStory(await machine(), wanted, name);
    const document = lookUpDocument(story);
    if (options.json)
      screen.out(
        jsonText({
          schema: 'netdoctor/dns/1',
          target: { runtime: target.runtime, name: plain(target.name) },
          ...document,
        }),
      );
    else {
      const { lookUpLines } = await import('../../output/picture/look-up.ts');
      screen.out(
        lookUpLines(document, screen.columns)
          .map((line) => `${paint(line, screen.palette)}\n`)
          .join(''),
      );
    }
    return failsForSomebody(story) ? 1 : 0;
  },
});
