// A lab to try things in by hand, until Ctrl-C, SIGTERM or the end of the input:
//   npm run lab                          as built
//   npm run lab -- --ipv6                with both families
//   npm run lab -- s01-ip-forward-off    with the fault of a scenario
import { parseArgs } from 'node:util';
import { Lab, type Step } from './lab.ts';
import { program } from './lab-network.ts';
import { namespacePath, type Place, places } from './names.ts';
import { readScenarios, type Scenario } from './scenario-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ipv6: { type: 'boolean', default: false } },
});
const scenario = positionals.length > 0 ? find(positionals[0] ?? '') : undefined;

const began = Date.now();
const lab = await Lab.up({ ipv6: scenario?.ipv6 ?? values.ipv6 });
console.log(`built in ${Date.now() - began} ms; folder ${lab.folder}`);
for (const place of places) console.log(`${place.padEnd(5)} ${lab.names[place]}`);

await take(scenario?.before ?? []);
const processId = scenario?.process && (await lab.start(scenario.process as Step));
await take(scenario?.inject ?? []);
if (scenario?.client) console.log(`in ${scenario.client.in}, once it waits: ${scenario.client.sh}`);

const target =
  scenario?.target === 'process'
    ? `pid:${processId}`
    : `netns:${lab.names[(scenario?.target ?? 'A') as Place]}`;
const args = lab
  .named(scenario?.args ?? ['--to', '198.51.100.1:80'])
  .map((word) => (/[[\]]/.test(word) ? `'${word}'` : word));
console.log(
  `\nnsenter --net=${namespacePath(lab.names.host)} ${program} diagnose ${target} ${args.join(' ')}`,
);
console.log('\nIt stays until Ctrl-C, SIGTERM or the end of the input.');
process.stdin.on('end', () => process.exit(0)).resume();

function find(name: string): Scenario {
  const found = readScenarios().find(({ file, engine }) => file.startsWith(name) && engine === undefined);
  if (found === undefined) throw new Error(`No scenario of the lab is called ${name}.`);
  return found;
}

async function take(steps: Scenario['before']): Promise<void> {
  for (const step of steps) {
    console.log(`${step.in.padEnd(5)} $ ${step.sh}`);
    const { exitCode, said } = await lab.step(step as Step);
    if (exitCode !== 0) console.log(`      exit ${exitCode}: ${said.trim()}`);
  }
}
