import { expect, it } from 'vitest';
import type { Answer, Row } from '../lab/scenario.ts';
import { ALL, totals, withoutPage } from './without-table.ts';

const row = (cause: string | null, status: Answer['status'] = 'fault'): Row =>
  ({
    scenario: { file: 's01', expect: 'ip-forward-off', also_right: [] },
    control: null,
    answer: { status, cause, between: null, seconds: 1 },
    repaired: null,
    failedSteps: [],
  }) as unknown as Row;

const asked = [{ [ALL]: row('ip-forward-off'), trace: row(null), captures: row('tc-drop') }];

it('counts each question by what it lacked, and those alone that were asked it', () => {
  const told = totals(asked);
  expect(told[0]).toBe('every witness: 1 right, 0 place only, 0 undecided, 0 wrong, 0 failed, 0 fault gone');
  expect(told).toContain(
    'without trace: 0 right, 1 place only, 0 undecided, 0 wrong, 0 failed, 0 fault gone',
  );
  expect(told).toContain(
    'without rules: 0 right, 0 place only, 0 undecided, 0 wrong, 0 failed, 0 fault gone',
  );
});

it('shows another cause in bold', () => {
  const page = withoutPage(asked);
  expect(page).toMatch(/^\| s01 \| right \| place only \|.* \*\*tc-drop\*\* \|/m);
  expect(page).toContain('<summary>1 scenarios</summary>');
});

it('takes a wider place and a cause that is still true where a witness is missing, and there alone', () => {
  const { scenario, ...rest } = row('masquerade-missing');
  const wide = (expect: string, cause: string): Row => ({
    ...rest,
    scenario: {
      ...scenario,
      expect,
      between: ['host/up0', 'host/br0'],
      still_true: ['masquerade-missing'],
      unsaid: ['is not rewritten'],
    },
    answer: {
      ...rest.answer,
      cause,
      between: ['container/eth0', null],
      document: JSON.stringify({ findings: [{ what: 'the source is not rewritten' }] }),
    },
  });
  const right = wide('dns-resolver-silent', 'masquerade-missing');
  const other = wide('dns-resolver-silent', 'tc-drop');
  const page = withoutPage([{ [ALL]: right, trace: right, rules: other }]);
  expect(page).toMatch(/^\| s01 \| \*\*masquerade-missing\*\* \| right \|.* \*\*tc-drop\*\* \|/m);
});
