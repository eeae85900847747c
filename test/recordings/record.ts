// Records real diagnoses in labs, for test/recordings.test.ts to ask again:
//   npm run record              all of them
//   npm run record -- NAMES …   those with such words in their names
//   npm run record -- --kernel 6.1 NAMES …   some of them in a guest of that kernel, into a folder of its name
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { fromText, toText } from '../../src/host/record/recording.ts';
import type { Diagnosis } from '../../src/model/diagnosis.ts';
import { built } from '../kernels/built.ts';
import { inGuest } from '../kernels/in-guest.ts';
import { Lab, type Step } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';
import type { Place } from '../lab/names.ts';
import { onlyToldSymbols } from './only-told-symbols.ts';
import { replay } from './replay.ts';
import { type KeptVerdict, verdictOf } from './verdict.ts';
import { withoutStrangers } from './without-strangers.ts';

interface Case {
  readonly name: string;
  readonly from?: Place;
  /** One probe where nothing else is said: a recording is to stay small. */
  readonly args: readonly string[];
  readonly ipv6?: boolean;
  /** Others have no part for it. */
  readonly kernel?: string;
  readonly steps?: readonly Step[];
}

const host = (sh: string): Step => ({ in: 'host', sh });
const out = ['--to', '198.51.100.1'];

const cases: readonly Case[] = [
  { name: 'healthy', args: out },
  { name: 'ip-forward-off', args: out, steps: [host('sysctl -qw net.ipv4.ip_forward=0')] },
  { name: 'firewall-rule-drop', args: out, steps: [host('iptables -I DOCKER-USER -s 10.88.0.2 -j DROP')] },
  {
    name: 'masquerade-missing',
    args: out,
    steps: [host('iptables -t nat -D POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE; iptables -t raw -F')],
  },
  { name: 'neighbour', args: ['--to', '10.88.0.77'] },
  { name: 'refused', args: ['--to', '198.51.100.1:81'] },
  { name: 'same-bridge', args: ['--to', '10.88.0.3:80', '--no-trace'] },
  { name: 'host-to-container', args: ['--from', 'host', '--to', ':80', '--data', 'none'] },
  { name: 'ipv6', args: ['--to', '2001:db8:f::1'], ipv6: true },
  {
    name: 'legacy-rules',
    args: out,
    steps: [host('iptables-legacy -I FORWARD -s 10.88.0.2 -j DROP')],
  },
  {
    name: 'reply-dropped',
    args: ['--to', '198.51.100.1:80'],
    steps: [host('iptables -I DOCKER-USER -i up0 -j DROP')],
  },
  {
    name: 'tunnel-blocked',
    kernel: '7.2',
    args: out,
    steps: [
      host('ip link add t0 type ipip local 192.0.2.1 remote 192.0.2.2; ip addr add 10.99.0.2/24 dev t0'),
      host('ip link set t0 up; ip route add 198.51.100.0/24 via 10.99.0.1 dev t0'),
      host('iptables -A OUTPUT -o up0 -p ipencap -j DROP'),
    ],
  },
  { name: 'dns-answer', args: ['--to', '198.51.100.53', '--proto', 'dns'] },
];

const ATTEMPTS = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string' },
    timeout: { type: 'string' },
    /** The kernel that it runs on, in a guest. */
    on: { type: 'string' },
    into: { type: 'string', default: join(import.meta.dirname, 'runs') },
  },
});
/** A guest is several times slower than the machine that it runs on. */
const slowly = values.timeout === undefined ? [] : ['--timeout', values.timeout];

if (values.kernel !== undefined) await recordOn(values.kernel);
else
  for (const one of cases) {
    if (positionals.length > 0 && !positionals.some((word) => one.name.includes(word))) continue;
    if (one.kernel === undefined || one.kernel === values.on) console.log(await recordAsItReplays(one));
  }
process.exit(0);

/** The same program in a guest; what it leaves there is kept here. */
async function recordOn(kernel: string): Promise<void> {
  const names = positionals.map((word) => `'${word}'`).join(' ');
  const into = join(values.into, kernel);
  mkdirSync(into, { recursive: true });
  const program = await built('test/recordings/record.ts');
  await inGuest(kernel, `${process.execPath} ${program} --into $OUT --on ${kernel} --timeout 40 ${names}`, {
    left(out) {
      console.log(readFileSync(join(out, 'log'), 'utf8').trim());
      for (const name of readdirSync(out).filter((file) => file.endsWith('.json')))
        copyFileSync(join(out, name), join(into, name));
    },
  });
}

/** On a busy machine a witness may speak later than anybody would wait: such a run is no example. */
async function recordAsItReplays(one: Case): Promise<string> {
  for (let left = ATTEMPTS; ; left--) {
    const { verdict, text } = await record(one);
    const again = verdictOf(await replay(fromText(text)));
    if (isDeepStrictEqual(again, verdict)) {
      writeFileSync(join(values.into, `${one.name}.json`), text);
      return `${one.name}: ${verdict.status} ${verdict.cause ?? ''} ${Math.round(text.length / 1000)} kB`;
    }
    if (left === 1) throw new Error(`${one.name}: ${JSON.stringify(again)} instead of ${JSON.stringify(verdict)}`);
  }
}

async function record({ name, args, ipv6 = false, steps = [] }: Case): Promise<{ verdict: KeptVerdict; text: string }> {
  const lab = await Lab.up({ ipv6 });
  try {
    await lab.steps(steps);
    const file = join(lab.folder, 'recording.json');
    const question = [`netns:${lab.names.A}`, ...args, '--count', '1', ...slowly];
    const { stdout, stderr } = await lab.run(
      'host',
      [program, 'diagnose', ...question, '--json', '--record', file],
      { reject: false, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    );
    if (!stdout.includes('netdoctor/diagnosis/1')) throw new Error(`${name}: ${stdout}${stderr}`);
    const verdict = verdictOf(JSON.parse(stdout) as Diagnosis);
    const recording = onlyToldSymbols(withoutStrangers(fromText(readFileSync(file, 'utf8')), lab));
    const text = toText(recording).replace('{', `{"verdict":${JSON.stringify(verdict)},\n`);
    return { verdict, text };
  } finally {
    lab.down();
  }
}
