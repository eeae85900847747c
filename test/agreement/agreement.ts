// Does the model of a resolver agree with the C libraries? Generated cases, each asked of the model, of glibc and of musl
// in a network and mount namespace of their own: the same questions on the wire, the same addresses, the same waiting.
//   npm run agreement                 300 cases
//   npm run agreement -- --quick      40, without servers that are silent
//   npm run agreement -- --cases 20 --from 100 --words
import { parseArgs } from 'node:util';
import { execaSync } from 'execa';
import ipaddr from 'ipaddr.js';
import type { Library, NameQuestion, Outcome } from '../../src/model/look-up.ts';
import { configurationOf, lookUp } from '../../src/resolver/look-up.ts';
import type { SourceOf } from '../../src/resolver/order.ts';
import { type Case, caseOf, SERVERS } from './cases.ts';
import { type Got, Libraries } from './libraries.ts';
import { NameServers } from './name-servers.ts';
import { replier } from './zone.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    cases: { type: 'string' },
    from: { type: 'string', default: '1' },
    words: { type: 'boolean', default: false },
  },
});
const count = Number(values.cases ?? (values.quick ? 40 : 300));
const first = Number(values.from);
/** Every fifth case has servers that are silent. */
const isSlow = (seed: number): boolean => !values.quick && seed % 5 === 0;

/** Own addresses with their prefixes; nothing is ever sent to what they reach. */
const OWN = ['192.0.2.10/24', '10.9.0.10/16', '2001:db8:1::10/64', 'fd00::10/64'];
const ERRORS: Readonly<Record<number, string>> = {
  [-2]: 'no-such-name',
  [-3]: 'try-again',
  [-4]: 'failed',
  [-5]: 'no-address',
};

const ip = (line: string): unknown => execaSync('ip', line.split(' '));
ip('link set lo up');
ip('link add own type veth peer name other');
for (const link of ['own', 'other']) ip(`link set ${link} up`);
for (const address of OWN) ip(`addr add ${address} dev own${address.includes(':') ? ' nodad' : ''}`);
for (const address of SERVERS) ip(`addr add ${address}/${address.includes(':') ? 128 : 32} dev lo`);
ip('addr add 10.53.0.9/32 dev lo');
const libraries = new Libraries();
const servers = new NameServers();
await servers.listen(SERVERS);

const sourceOf: SourceOf = (destination) => {
  const parsed = ipaddr.parse(destination);
  const [range] =
    parsed.kind() === 'ipv4' && parsed.toString().startsWith('127.') ? [['127.0.0.1', 8]] : [undefined];
  if (range) return { address: '127.0.0.1', prefix: 8 };
  if (destination === '::1') return { address: '::1', prefix: 128 };
  for (const own of OWN) {
    const [address = '', prefix] = own.split('/');
    const base = ipaddr.parse(address);
    if (base.kind() === parsed.kind() && parsed.match(base as never, Number(prefix)))
      return { address, prefix: Number(prefix) };
  }
  return null;
};

let right = 0;
const wrong: string[] = [];
for (let seed = first; seed < first + count; seed++) {
  const made = caseOf(seed, isSlow(seed));
  libraries.write(made.files);
  for (const library of ['glibc', 'musl'] as const) {
    servers.play(made.servers);
    const got = await libraries.ask(library, made.name);
    const onWire = [...servers.asked];
    const told = await compare(library, made, got, onWire);
    if (told.length === 0) right += 1;
    else {
      wrong.push(`${seed} ${library}`);
      console.log(
        `differs: case ${seed}, ${library}, name ${made.name}\n${told.map((one) => `  ${one}`).join('\n')}`,
      );
      if (values.words) console.log(JSON.stringify(made, null, 1));
    }
  }
}
console.log(`${right} of ${2 * count} look-ups agree with the C libraries`);
libraries.remove();
process.exit(wrong.length === 0 ? 0 : 1);

/** Where the model differs from what the library did; under `rotate` one beginning of several must fit. */
async function compare(library: Library, made: Case, got: Got, onWire: NameQuestion[]): Promise<string[]> {
  const setting = { files: made.files, families: [4, 6] as const, sourceOf, musl: { tcp: false } };
  const { rotate, servers: all } = configurationOf(library, setting);
  let best: string[] | undefined;
  for (let start = 0; start < (rotate ? all.length : 1); start++) {
    const outcome = await lookUp(library, made.name, { ...setting, start }, replier(made.servers));
    const told = differences(library, made, outcome, got, onWire);
    if (told.length === 0) return [];
    best ??= told;
  }
  return best!;
}

function differences(
  library: Library,
  { servers: there, files }: Case,
  outcome: Outcome,
  got: Got,
  onWire: readonly NameQuestion[],
): string[] {
  const told: string[] = [];
  const heard = new Set(
    there.filter(({ state }) => state === 'answers' || state === 'silent').map(({ address }) => address),
  );
  const expected = outcome.questions.filter(({ server }) => heard.has(server));
  const [mine, theirs] = [expected, onWire].map((all) => shown(library, all));
  if (mine !== theirs) told.push(`asked  model ${mine}`, `       wire  ${theirs}`);
  const [addresses, real] = [outcome.addresses.join(' '), got.addresses.join(' ')];
  if (addresses !== real) told.push(`has    model ${addresses || '-'}`, `       real  ${real || '-'}`);
  const error = got.error === null ? null : ERRORS[got.error];
  // musl 1.2.3 calls a name without addresses unknown.
  // glibc forgets why the DNS had none where its files are asked last, and says “system error”.
  const forgets = library === 'glibc' && got.error === -11 && /hosts:\s*dns files/.test(files.nsswitch ?? '');
  const same =
    (forgets && outcome.error !== null) ||
    error === outcome.error ||
    (library === 'musl' && outcome.error === 'no-address' && error === 'no-such-name');
  if (!same) told.push(`error  model ${outcome.error}, real ${error ?? got.error}`);
  if (Math.abs(outcome.waited - got.seconds) > 0.9)
    told.push(`waits  model ${outcome.waited} s, real ${got.seconds.toFixed(1)} s`);
  return told;
}

/** musl asks all servers at once, and again until it is answered: what it asks of each name, not how often. */
function shown(library: Library, questions: readonly NameQuestion[]): string {
  const lines = questions.map(
    ({ server, name, type, transport }) => `${name} ${type} @${server}${transport === 'tcp' ? ' tcp' : ''}`,
  );
  if (library === 'glibc') return lines.join(', ');
  const names = [...new Set(questions.map(({ name }) => name))];
  return names
    .map((name) => [...new Set(lines.filter((line) => line.startsWith(`${name} `)))].sort().join(', '))
    .join('; ');
}
