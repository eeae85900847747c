import fc from 'fast-check';
import { expect, it } from 'vitest';
import { paint } from '../../../src/output/line/paint.ts';
import { span, type Tone } from '../../../src/output/line/span.ts';
import { forTerminal } from '../../../src/output/line/terminal.ts';

const tones: readonly Tone[] = ['plain', 'good', 'bad', 'warn', 'accent', 'strong', 'dim', 'wrong'];

it('a painted line is left as it is', () => {
  const line = tones.map((tone) => span(`${tone} → 界`, tone));
  for (const palette of ['colour', 'no-colour', 'bare'] as const)
    expect(forTerminal(paint(line, palette))).toBe(paint(line, palette));
  expect(forTerminal('a\n\tb\n')).toBe('a\n\tb\n');
});

it('no sequence of a stranger gets through, whatever is painted around it', () => {
  const evil = fc.array(
    fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '8',
      '31',
      'm',
      '0;x',
      '\u0007',
      '\u009b',
      '2J',
      '\u202e',
      '\u200b',
      'a',
      '\r',
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(evil, (parts) => {
      const shown = forTerminal(`${paint([span(parts.join(''), 'bad')], 'colour')}${parts.join('')}`);
      expect(shown.replace(/\u001b\[(3[01269]|39|22|24|1|2|4)m/g, '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
    }),
  );
});
