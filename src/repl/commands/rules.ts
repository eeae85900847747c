import type { RuleHit } from '../../model/facts.ts';
import { ends } from '../../model/rules.ts';
import { ruleName } from '../../model/telling.ts';
import { plain } from '../../model/words.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { paragraph } from '../../output/line/wrap.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

function lines({ rule, verdict, direction, side }: RuleHit, columns: number): Line[] {
  const owner = rule.owner === null ? '' : `, of ${plain(rule.owner)}`;
  const where = side === 'host' ? '' : ` in the ${side}`;
  const head = `${direction}: ${plain(ruleName(rule))}${where} (${rule.engine}${owner})`;
  return [
    [span(plain(verdict), ends(verdict) ? 'bad' : 'good'), span('  '), span(head)],
    ...paragraph('    ', plain(rule.text), columns, 'dim'),
  ];
}

/** Each rule once a direction, however many probes met it. */
const once = (hits: readonly RuleHit[]): RuleHit[] =>
  hits.filter(
    (hit, index) =>
      hits.findIndex(
        (other) =>
          other.direction === hit.direction &&
          other.verdict === hit.verdict &&
          other.rule.text === hit.rule.text &&
          ruleName(other.rule) === ruleName(hit.rule),
      ) === index,
  );

export default command({
  name: 'rules',
  usage: '',
  does: 'shows the firewall rules the probe met, and whose they are',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ run }) => {
      const blind = run.absent.filter((why) => why.startsWith('rule:'));
      const met = once(run.hits).flatMap((hit) => lines(hit, desk.columns));
      if (met.length > 0) return say([...met, []]);
      return say([
        row('No rule was seen to meet the probe.', 'dim'),
        ...blind.flatMap((why) => paragraph('  ', plain(why), desk.columns, 'warn')),
      ]);
    }),
});
