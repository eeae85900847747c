// What the kernel prints is compared with its own list: needs root, as naming does.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { showsFunctions, symbolIn } from '../../../src/host/trace/symbols.ts';
import { toldNames } from '../../../src/host/trace/told-names.ts';

const WANTED = ['ip_error', 'ip_forward', 'icmp_rcv', 'tcp_v4_rcv', 'nft_do_chain'];
const nameOf = process.getuid?.() === 0 ? toldNames() : null;

it.runIf(nameOf && showsFunctions())('the kernel names its functions as its list does', () => {
  const kallsyms = readFileSync('/proc/kallsyms');
  const lines = kallsyms.toString('latin1').split('\n');
  const found = WANTED.flatMap((name) => lines.find((one) => one.split(/[ \t]/)[2] === name) ?? []);
  expect(found.length).toBeGreaterThan(0);
  for (const line of found) {
    const address = BigInt(`0x${line.slice(0, 16)}`) + 1n;
    expect(nameOf!(address)).toBe(symbolIn(kallsyms, address));
  }
});

it.runIf(nameOf)('an address that lies in no function has no name', () => {
  expect(nameOf!(0n)).toBeNull();
  expect(nameOf!(0x10n)).toBeNull();
});
