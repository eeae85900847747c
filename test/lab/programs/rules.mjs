#!/usr/bin/env node
// The packet filter of the namespace it runs in, whoever wrote it and by which tool:
//   rules keep              remembers it in the lab's folder
//   rules take-out WORD     takes every rule out in which the word stands, or says that there is none (exit 1)
//   rules put-back          makes it again what it was
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [deed, word = ''] = process.argv.slice(2);
const file = (name) => join(process.env.LAB, name);
const said = (program, ...args) => execFileSync(program, args, { encoding: 'utf8' });
/** Tables that iptables writes: nft(8) shows their matches, and cannot always read them again. */
const OF_IPTABLES = /^ip6? (filter|nat|mangle|raw|security)$/;
const tables = () =>
  said('nft', 'list', 'tables')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace('table ', ''));

({ keep, 'take-out': takeOut, 'put-back': putBack })[deed]();

function keep() {
  writeFileSync(file('rules-iptables'), said('iptables-save'));
  const own = tables().filter((table) => !OF_IPTABLES.test(table));
  const text = own.map(
    (table) =>
      `table ${table} {}\ndelete table ${table}\n${said('nft', '-s', 'list', 'table', ...table.split(' '))}`,
  );
  writeFileSync(file('rules-nft'), text.join(''));
}

function takeOut() {
  let found = 0;
  for (const table of tables()) {
    let chain;
    for (const line of said('nft', '-a', 'list', 'table', ...table.split(' ')).split('\n')) {
      chain = /^\tchain (\S+)/.exec(line)?.[1] ?? chain;
      const handle = /^\t\t.* # handle (\d+)$/.exec(line)?.[1];
      if (!handle || !line.toLowerCase().includes(word)) continue;
      said('nft', 'delete', 'rule', ...table.split(' '), chain, 'handle', handle);
      found += 1;
    }
  }
  process.exit(found > 0 ? 0 : 1);
}

function putBack() {
  execFileSync('iptables-restore', { input: readFileSync(file('rules-iptables')) });
  execFileSync('nft', ['-f', file('rules-nft')]);
}
