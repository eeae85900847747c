import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Search, Symbols, symbolIn } from '../../../src/host/trace/symbols.ts';

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

it('the list is read on only as far as an address needs', () => {
  const search = new Search(0xffffffff8176671dn);
  const upTo = (line: string): number => KALLSYMS.indexOf(line);
  expect(search.goOn(KALLSYMS, upTo('ffffffff81766700'))).toBe(false);
  expect(search.goOn(KALLSYMS, upTo('ffffffffc0123000'))).toBe(true);
  expect(search.nameIn(KALLSYMS)).toBe('ip_error');
  // Another module may begin nearer to it.
  const inModule = new Search(0xffffffffc0100abcn);
  expect(inModule.goOn(KALLSYMS, upTo('ffffffffc0100000'))).toBe(false);
  expect(inModule.goOn(KALLSYMS, KALLSYMS.length)).toBe(false);
  expect(inModule.nameIn(KALLSYMS)).toBe('nft_do_chain');
});

it.runIf(process.getuid?.() === 0)(
  'this kernel’s own functions have the names that the whole list gives them',
  async () => {
    const all = readFileSync('/proc/kallsyms');
    const symbols = new Symbols();
    const lines = all.toString('latin1').split('\n');
    const wanted = ['ip_error', 'kfree_skb_list_reason', 'ip_forward', 'icmp_rcv', 'tcp_v4_rcv', '_text'];
    for (const name of wanted) {
      const line = lines.find((one) => one.endsWith(` ${name}`));
      if (!line) continue;
      const address = BigInt(`0x${line.slice(0, 16)}`) + 1n;
      expect(await symbols.nameOf(address), name).toBe(symbolIn(all, address) ?? null);
    }
    expect(await symbols.nameOf(1n)).toBeNull();
  },
);
