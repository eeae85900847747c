import { expect, it } from 'vitest';
import type { Recording } from '../../src/host/record/recording.ts';
import { onlyToldSymbols } from './only-told-symbols.ts';

const KALLSYMS = [
  '000000006000a000 T ip_rcv',
  '0000000060010000 t ip_error',
  '0000000060010800 d data',
  '0000000060020000 T nf_hook_slow',
  '',
].join('\n');

const recording = {
  asked: [
    { at: 1, ask: 'read /proc/kallsyms', answer: { known: true, value: KALLSYMS, source: [] } },
    { at: 2, ask: 'read /proc/version', answer: { known: true, value: 'Linux', source: [] } },
  ],
  told: [
    { stream: 's', after: 's', delay: 0, event: { line: 'kfree_skb: skbaddr=1 location=0000000060010815' } },
    { stream: 's', after: 's', delay: 0, event: { type: 'ready' } },
  ],
} as unknown as Recording;

it('keeps the functions that the trace told of, and all else', () => {
  const [symbols, version] = onlyToldSymbols(recording).asked;
  expect(symbols?.answer).toMatchObject({ value: '0000000060010000 t ip_error\n' });
  expect(version).toEqual(recording.asked[1]);
});
