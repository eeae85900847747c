import { expect, it } from 'vitest';
import { symbolIn } from '../../../src/host/trace/symbols.ts';

const KALLSYMS = Buffer.from(
  [
    '0000000000000000 A fixed_percpu_data',
    'ffffffff81766000 T ip_local_deliver',
    'ffffffff81766600 t ip_error.isra.0',
    'ffffffff81766700 d some_data',
    'ffffffff81766800 T ip_rt_send_redirect',
    'ffffffffc0123000 t br_nf_post\t[br_netfilter]',
    'ffffffffc0100000 t nft_do_chain\t[nf_tables]',
    '',
  ].join('\n'),
);

it('an address lies in the function that begins before it, data aside, modules in any order', () => {
  expect(symbolIn(KALLSYMS, 0xffffffff8176671dn)).toBe('ip_error');
  expect(symbolIn(KALLSYMS, 0xffffffff81766000n)).toBe('ip_local_deliver');
  expect(symbolIn(KALLSYMS, 0xffffffffc0100abcn)).toBe('nft_do_chain');
});

it('there is none before the first, nor where the addresses are hidden', () => {
  expect(symbolIn(KALLSYMS, 0xffff888000000000n)).toBeUndefined();
  const hidden = Buffer.from(KALLSYMS.toString().replaceAll(/^\w{16}/gm, '0000000000000000'));
  expect(symbolIn(hidden, 0xffffffff8176671dn)).toBeUndefined();
  expect(symbolIn(Buffer.alloc(0), 1n)).toBeUndefined();
});
