/** Asks the kernel whether a set holds an element, and what the set is: `nft get element`, `ipset test`. */
import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { ipsetElement, type LookedUp } from '../../kernel/looked-up.ts';
import type { Packet } from '../../kernel/rule-clauses.ts';
import type { SetLookUp } from '../../model/ending-chain.ts';
import type { Rule } from '../../model/evidence.ts';
import { command, type Netns } from '../../model/netns.ts';
import { isNftName } from '../../words/arguments/nft.ts';
import { plain } from '../../words/text.ts';

/** Elements that are told, at most. */
const MOST = 8;

/** `elements = { a timeout 1h expires 59m, b : accept }` of a listing, each without what passes. */
export const nftElements = (listing: string): string[] =>
  (/elements = \{([^}]*)\}/.exec(listing)?.[1] ?? '')
    .split(',')
    .map((one) => plain(one.trim().replace(/ (timeout|expires) .*?(?= : |$)/, '')))
    .filter((one) => one !== '');

/** Does the program say that the element is not there, and nothing else went wrong? */
const LACKS = /No such file or directory|is NOT in set/;

async function isHeld(
  machine: Machine,
  argv: [string, ...string[]],
  netns: Netns | null,
): Promise<boolean | null> {
  const answer = await machine.run(command(argv, netns));
  if (!answer.known) return null;
  if (answer.value.code === 0) return true;
  return LACKS.test(answer.value.stderr) ? false : null;
}

async function ofNft(
  machine: Machine,
  netns: Netns | null,
  { family, table }: Rule,
  one: LookedUp,
): Promise<SetLookUp | null> {
  if (![table, one.name].every(isNftName)) return null;
  const where = [family, table, one.name] as const;
  // Terse first: a set may hold a hundred thousand networks.
  const terse = await ask(machine, ['nft', '-t', 'list', one.kind, ...where], netns);
  if (!terse.known) return null;
  const holds = await isHeld(machine, ['nft', 'get', 'element', ...where, `{ ${one.key} }`], netns);
  if (holds === null) return null;
  const whole = holds ? null : await ask(machine, ['nft', 'list', one.kind, ...where], netns);
  const lines = terse.value
    .split('\n')
    .filter((line) => /^\t\t\w/.test(line))
    .map((line) => plain(line.trim()));
  const type = lines.find((line) => /^type(of)? /.test(line))?.replace(/^type(of)? /, '') ?? '';
  const header = lines.filter((line) => /^(flags|timeout|size) /.test(line));
  const elements = whole?.known ? nftElements(whole.value) : null;
  return { ...one, type, header, holds, elements };
}

async function ofIpset(
  machine: Machine,
  netns: Netns | null,
  one: LookedUp,
  packet: Packet,
): Promise<SetLookUp | null> {
  if (/^-|\s/.test(one.name)) return null;
  const terse = await ask(machine, ['ipset', 'list', '-t', one.name], netns);
  if (!terse.known) return null;
  const type = plain(/^Type: (\S+)/m.exec(terse.value)?.[1] ?? '');
  const key = ipsetElement(type, one.key, packet);
  const holds = key && (await isHeld(machine, ['ipset', 'test', one.name, key], netns));
  if (key === null || typeof holds !== 'boolean') return null;
  const header = [...terse.value.matchAll(/\b(timeout|maxelem) \d+/g)].map(([words]) => words);
  const few = Number(/^Number of entries: (\d+)/m.exec(terse.value)?.[1]) <= MOST;
  const whole = !holds && few ? await ask(machine, ['ipset', 'list', one.name], netns) : null;
  const members = whole?.known ? (whole.value.split(/^Members:\n/m)[1] ?? '').split('\n') : null;
  const elements = members?.map((line) => plain(line.split(' ')[0]!)).filter((line) => line !== '') ?? null;
  return { ...one, key, type, header, holds, elements };
}

/** Null where it cannot be said: no such program, no such set, an element that its type does not take. */
export const askSet = (
  machine: Machine,
  netns: Netns | null,
  rule: Rule,
  one: LookedUp,
  packet: Packet,
): Promise<SetLookUp | null> =>
  one.engine === 'nft' ? ofNft(machine, netns, rule, one) : ofIpset(machine, netns, one, packet);
