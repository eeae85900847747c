import { ends, isSameRule } from '../../kernel/rules.ts';
import type { RuleHit } from '../../model/facts.ts';
import { type Line, row, span } from '../../output/line/span.ts';
import { widthOf } from '../../output/line/width.ts';
import { paragraph, wrapText } from '../../output/line/wrap.ts';
import { ruleName } from '../../words/telling.ts';
import { plain } from '../../words/text.ts';
import { command, say } from '../command.ts';
import { withCase } from '../the-case.ts';

/** Below this what was met stands under its verdict. */
const NARROW = 60;

function lines({ rule, verdict, direction, side }: RuleHit, columns: number): Line[] {
  const owner = rule.owner === null ? '' : `, of ${plain(rule.owner)}`;
  const where = side === 'host' ? '' : ` in the ${side}`;
  const tone = ends(verdict) ? 'bad' : 'good';
  const text = paragraph('      ', plain(rule.text), columns, 'dim');
  const says = `${direction}: ${plain(ruleName(rule))}${where} (${rule.engine}${owner})`;
  if (columns < NARROW)
    return [row(`  ${plain(verdict)}`, tone), ...paragraph('    ', says, columns), ...text];
  const lead = `  ${plain(verdict)}  `;
  const [first = '', ...rest] = wrapText(says, columns - widthOf(lead));
  const indent = ' '.repeat(widthOf(lead));
  return [[span(lead, tone), span(first)], ...rest.map((part) => row(indent + part)), ...text];
}

const isSameHit = (a: RuleHit, b: RuleHit): boolean =>
  a.direction === b.direction && a.side === b.side && isSameRule(a.rule, b.rule);

/** Each rule once a direction, however many probes met it; and not that the chain went on to its policy. */
const once = (hits: readonly RuleHit[]): RuleHit[] =>
  hits.filter((hit, index) => {
    const same = hits.filter((other) => isSameHit(hit, other));
    if (hit.verdict === 'continue' && same.some(({ verdict }) => verdict !== 'continue')) return false;
    return hits.findIndex((other) => other.verdict === hit.verdict && isSameHit(hit, other)) === index;
  });

export default command({
  name: 'rules',
  usage: '',
  group: 'case',
  does: 'shows the firewall rules the probe met, and whose they are',
  slots: () => [],
  run: (_, desk) =>
    withCase(desk, ({ run }) => {
      const blind = run.absent.filter((why) => why.startsWith('rule:'));
      const met = once(run.hits).flatMap((hit) => lines(hit, desk.columns));
      if (met.length > 0) return say(met);
      return say([
        row('No rule was seen to meet the probe.', 'dim'),
        ...blind.flatMap((why) => paragraph('  ', plain(why), desk.columns, 'warn')),
      ]);
    }),
});
