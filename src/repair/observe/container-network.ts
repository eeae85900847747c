/** `docker|podman network connect|disconnect NETWORK CONTAINER`: the networks the container is attached to. */
import { mapAnswer } from '../../model/answer.ts';
import { run } from '../../model/fix.ts';
import { ask } from '../ask.ts';
import { lines, listing, rows } from '../state.ts';
import type { Observe } from '../subject.ts';

const TEMPLATE = '{{range $name, $_ := .NetworkSettings.Networks}}{{println $name}}{{end}}';

export default ((argv) => {
  const at = argv.indexOf('network');
  const tool = argv[0];
  if ((tool !== 'docker' && tool !== 'podman') || at < 0 || !/connect$/.test(argv[at + 1] ?? '')) return null;
  const container = argv.at(-1) ?? '';
  const before = argv.slice(1, at);
  return {
    what: `networks of container ${container}`,
    read: async (look) =>
      mapAnswer(
        await ask(look, [tool, ...before, 'inspect', '--type', 'container', '--format', TEMPLATE, container]),
        (text) => ({
          networks: listing(
            lines(text)
              .map((line) => line.trim())
              .sort(),
          ),
        }),
      ),
    restore: (now, wanted) => [
      ...rows(now.networks)
        .filter((name) => !rows(wanted.networks).includes(name))
        .map((name) => run([tool, ...before, 'network', 'disconnect', name, container])),
      ...rows(wanted.networks)
        .filter((name) => !rows(now.networks).includes(name))
        .map((name) => run([tool, ...before, 'network', 'connect', name, container])),
    ],
  };
}) satisfies Observe as Observe;
