import { ask } from '../../../host/ask.ts';
import { mapAnswer } from '../../../model/answer.ts';
import { source } from '../source.ts';
import type { Entry } from '../state.ts';

/** Disciplines of queues, which may hold packets back or throw them away: tc(8). */
export default source({
  name: 'queueing',
  woken: ['queueing', 'link'],
  every: null,
  read: async (machine, { netns }) =>
    mapAnswer(
      await ask(machine, ['tc', 'qdisc', 'show'], netns),
      (text) => new Map(text.split('\n').flatMap((line): (readonly [string, Entry])[] => entryOf(line))),
    ),
});

/** `qdisc netem 8001: dev eth0 root refcnt 2 limit 1000 loss 1%` */
function entryOf(line: string): (readonly [string, Entry])[] {
  const [, kind, handle, device, rest = ''] = /^qdisc (\S+) (\S+) dev (\S+) (.*)$/.exec(line.trim()) ?? [];
  if (!kind || !device || kind === 'noqueue') return [];
  const words = rest.replace(/refcnt \d+ ?/, '').trim();
  return [
    [
      `${device} ${/^(root|ingress|clsact|parent \S+)/.exec(words)?.[0] ?? handle}`,
      { kind: 'queueing', what: `queue of ${device}`, device, fields: { '': `${kind} ${words}` } },
    ],
  ];
}
