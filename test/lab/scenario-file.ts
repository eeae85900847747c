import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { places } from './names.ts';
import { needs } from './needs.ts';

const step = z.strictObject({
  /** Where: a machine of the lab, or with Docker the host, LAN, or a container by its name. */
  in: z.string(),
  /** What, by bash. $HOST $A $B $C $LAN are the namespaces' names, $LAB $BPF $CG folders of this lab. */
  sh: z.string(),
});

const container = z.strictObject({
  name: z.string(),
  /** Arguments of `run`, such as `--network none`. */
  run: z.array(z.string()).default([]),
  /** With `far`: which of the two engines runs it. */
  on: z.enum(['host', 'far']).default('host'),
});

const schema = z.strictObject({
  name: z.string(),
  /** The entry of the catalogue of faults that this was made from. */
  row: z.string().optional(),
  /** The cause that netdoctor must name, or `healthy`. */
  expect: z.string(),
  /** Causes that a fair judge accepts too. */
  also_right: z.array(z.string()).default([]),
  /** Causes that are true and not the deepest: enough where a witness is missing. */
  still_true: z.array(z.string()).default([]),
  /** The flow works all the same, and one witness alone shows that something is wrong: without it, it is healthy to everybody. */
  shown_by: z.string().optional(),
  /** The hops that the packet is lost between, where it matters: last that saw it, first that did not. */
  between: z.tuple([z.string().nullable(), z.string().nullable()]).optional(),
  /** What must be said beside the verdict, in a note or a warning, and what must not: regular expressions. */
  notes: z.array(z.string()).default([]),
  unsaid: z.array(z.string()).default([]),
  /** A question uses up what the next one would meet: whoever asks several makes the network anew for each. */
  spent: z.boolean().default(false),
  /** This sets what the cause named here is about, without touching the flow: it must come out healthy. */
  decoy_of: z.string().optional(),
  /** What is not obvious about it. */
  why: z.string().optional(),
  /** Whether `npm test` runs it; `npm run exam` runs all. */
  sample: z.boolean().default(false),
  /** What netdoctor lacks for it yet. Such a scenario runs only when it is named. */
  later: z.string().optional(),
  /** Kinds of links and the like that not every kernel has. Without them it is told, not played, and counts for nothing. */
  needs: z.array(z.enum(needs)).default([]),
  engine: z.enum(['docker', 'podman', 'containerd', 'cri']).optional(),
  ipv6: z.boolean().default(false),
  /** Docker's daemon.json. */
  daemon: z.record(z.string(), z.unknown()).default({}),
  /** A second Docker Engine on a host of its own, with LAN as the router between, both in one swarm. */
  far: z.boolean().default(false),
  /** With an engine: user networks, as arguments of `network create`, and containers. */
  networks: z.array(z.array(z.string())).default([]),
  containers: z.array(container).default([]),
  /** A process that is there before the question is asked, and can be its target. */
  process: step.optional(),
  /** A machine of the lab, `process`, or with an engine a container. */
  target: z.string(),
  /** The flow, in netdoctor's own words. */
  args: z.array(z.string()),
  /** What somebody outside does once netdoctor waits for it. */
  client: step.optional(),
  /** Whether the flow is healthy before the fault is made; `none`: the lab as built already shows it. */
  control: z.enum(['healthy', 'none']).default('healthy'),
  before: z.array(step).default([]),
  inject: z.array(step).default([]),
  repair: z.array(step).default([]),
  /** Whether the repair was seen to make the flow healthy again. */
  repair_mends: z.boolean().default(true),
  /** Seconds between making the fault and asking. */
  settle: z.number().default(0),
});

export type Scenario = z.infer<typeof schema> & {
  /** Its name, which no other folder has too. */
  readonly file: string;
  /** Where it lies below `test/scenarios`: `outside-to-published-port/docker`. */
  readonly folder: string;
};

export const scenarioFolder = join(import.meta.dirname, '../scenarios');

/**
 * All scenarios of all folders, by file name. A file that is not as it must be is an error that names it.
 * With an engine, they are played on it: such files name none.
 */
export function readScenarios(folder = scenarioFolder, engine?: Scenario['engine']): Scenario[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .sort((one, other) => (basename(one) < basename(other) ? -1 : 1));
  const twice = paths.find((path, at) => basename(path) === basename(paths[at - 1] ?? ''));
  if (twice !== undefined) throw new Error(`${twice}: another folder has a scenario of that name`);
  return paths.map((path) => readScenario(folder, path, engine));
}

function readScenario(within: string, path: string, engine: Scenario['engine']): Scenario {
  const file = basename(path, '.yaml');
  const result = schema.safeParse(parse(readFileSync(join(within, path), 'utf8')));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  const scenario = { engine, ...result.data, file, folder: dirname(path) };
  if (scenario.engine === undefined) checkPlaces(scenario);
  return scenario;
}

function checkPlaces({ file, process, client, before, inject, repair }: Scenario): void {
  for (const { in: place } of [process, client, ...before, ...inject, ...repair].filter(
    (step) => step !== undefined,
  )) {
    if (!(places as readonly string[]).includes(place)) throw new Error(`${file}: the lab has no ${place}`);
  }
}
