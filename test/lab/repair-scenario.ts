/** One scenario through the repair: diagnosed, mended, healthy; taken back, and the same fault again. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { answeredOf, lostOf, tenThatWork } from './everyday.ts';
import type { Lab } from './lab.ts';
import { program } from './lab-network.ts';
import { listingOfNamespaces } from './listing.ts';
import { networkOf } from './network.ts';
import { descendants, end } from './processes.ts';
import type { Network } from './scenario.ts';
import type { Scenario } from './scenario-file.ts';

const document = z.object({
  status: z.enum(['healthy', 'fault', 'undecided']),
  cause: z.string().nullable(),
  findings: z.array(
    z.object({ cause: z.string(), severity: z.string(), fixes: z.array(z.object({ risk: z.string() })) }),
  ),
  repairs: z.array(
    z.object({
      fix: z.string(),
      journal: z.string(),
      before: z.string(),
      after: z.string(),
      kept: z.boolean(),
      because: z.string().optional(),
    }),
  ),
});
export type Document = z.infer<typeof document>;

const entry = z.object({ status: z.string(), title: z.string() });

export interface Mended {
  readonly scenario: Scenario;
  /** What the first answer named; null: only the place, or nothing. */
  readonly cause: string | null;
  /** The cause's own fixes, by their risk. */
  readonly risks: readonly string[];
  /** Kept fixes, and whether the flow is healthy after them. */
  readonly kept: number;
  readonly healthy: boolean;
  /** After `undo --all`: `same` configuration, or what differs. Null where nothing was kept. */
  readonly undone: string | null;
  /** The cause named after the undo. */
  readonly again: string | null;
  /** What ordinary traffic said of it; null where nothing was tried. */
  readonly flows: Flows | null;
  /** Titles of the fixes that were kept. */
  readonly titles: readonly string[];
  /** From the command to mend until the verdict after the fix, both questions included; null where nothing was tried. */
  readonly seconds: number | null;
  readonly complaint: string | null;
}

/** Ordinary flows that worked before the fault, up to ten. */
export interface Flows {
  readonly asked: number;
  /** Answered under the fault, and no longer after the repair: it did harm. */
  readonly lost: readonly string[];
  /** Cut by the fault, and not given back by the repair: told, and no harm of the repair's. */
  readonly notBack: readonly string[];
  /** Answered under the fault, and no longer after the undo. */
  readonly lostByUndo: readonly string[];
}

export class Patient {
  readonly lab: Lab;
  readonly #network: Partial<Pick<Network, 'start'>>;
  readonly #target: string;
  readonly #args: readonly string[];
  readonly #client: Scenario['client'];

  constructor(
    network: Pick<Network, 'lab' | 'targetOf'> & Partial<Pick<Network, 'start'>>,
    scenario: Pick<Scenario, 'target' | 'args' | 'client'>,
    processId?: number,
  ) {
    this.lab = network.lab;
    this.#network = network;
    this.#target = scenario.target === 'process' ? `pid:${processId}` : network.targetOf(scenario.target);
    this.#args = network.lab.named(scenario.args);
    // Only what comes from outside has to be asked by somebody else.
    this.#client = scenario.args.includes('outside') ? scenario.client : undefined;
  }

  /** Somebody outside who asks again and again, as long as `asking` takes. */
  async #whileAsked<T>(asking: () => Promise<T>): Promise<T> {
    if (!this.#client || !this.#network.start) return asking();
    const { in: place, sh } = this.#client;
    const pid = await this.#network.start({
      in: place,
      sh: `for i in $(seq 200); do (${sh}); sleep 0.2; done`,
    });
    try {
      return await asking();
    } finally {
      end(descendants([pid]));
    }
  }

  /** netdoctor on the lab's host, with a journal of the lab's own. */
  async netdoctor(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const argv = ['env', `NETDOCTOR_STATE=${this.lab.folder}/state`, program, ...args];
    const run = await this.lab.run('host', argv, { reject: false, stdin: 'ignore', timeout: 90_000 });
    return { code: run.exitCode ?? -1, stdout: String(run.stdout), stderr: String(run.stderr) };
  }

  /** Titles of the changes that the journal says stand. */
  keptTitles(): string[] {
    const folder = join(this.lab.folder, 'state', 'journal');
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((file) => entry.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
      .flatMap(({ status, title }) => (status === 'verified' ? [title] : []));
  }

  /** The scenario's own question. */
  async ask(...more: string[]): Promise<Document & { code: number }> {
    const { code, stdout, stderr } = await this.#whileAsked(() =>
      this.netdoctor('diagnose', this.#target, '--json', ...this.#args, ...more),
    );
    try {
      return { ...document.parse(JSON.parse(stdout)), code };
    } catch {
      throw new Error(`exit ${code}: ${stderr.trim() || stdout.trim()}`.slice(0, 500));
    }
  }
}

/** What differs between two listings, in a few words. */
export function firstDifference(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): string {
  const name = Object.keys(one).find((key) => one[key] !== other[key]);
  if (!name) return 'same';
  const [a, b] = [one[name]?.split('\n') ?? [], other[name]?.split('\n') ?? []];
  const gone = a.find((line) => !b.includes(line));
  const extra = b.find((line) => !a.includes(line));
  return `${name}: ${gone?.trim() ?? ''} → ${extra?.trim() ?? ''}`;
}

/** No fix was made. */
const NOT_MENDED = {
  kept: 0,
  healthy: false,
  undone: null,
  again: null,
  flows: null,
  titles: [],
  seconds: null,
  complaint: null,
};

/** Plays it on a lab of its own. Fixes that touch the uplink get the timer they ask for; it is never reached. */
export async function playRepair(
  scenario: Scenario,
  inspect?: (patient: Patient) => Promise<void>,
): Promise<Mended> {
  let network: Network | undefined;
  try {
    network = await networkOf(scenario);
    for (const step of scenario.before) await network.step(step);
    const processId = scenario.process && (await network.start(scenario.process));
    const patient = new Patient(network, scenario, processId);
    const everyday = await tenThatWork(network);
    // The fault comes over a network that was in use, as in the exam: its ends know each other.
    if (scenario.control === 'healthy') await patient.ask();
    for (const step of scenario.inject) await network.step(step);
    if (scenario.settle > 0) await new Promise((done) => setTimeout(done, scenario.settle * 1000));
    const first = await patient.ask();
    const fixes = first.findings.filter((one) => one.severity === 'fatal').flatMap((one) => one.fixes);
    const told = { scenario, cause: first.cause, risks: fixes.map((one) => one.risk) };
    if (fixes.length === 0 || first.status !== 'fault') return { ...told, ...NOT_MENDED };
    const before = await listingOfNamespaces(await network.namespaces());
    const standing = await answeredOf(network, everyday);
    const began = performance.now();
    const mended = await patient.ask('--fix=disruptive', '--yes', '--rollback-after', '300');
    const kept = mended.repairs.filter((one) => one.kept).length;
    const seconds = (performance.now() - began) / 1000;
    const titles = patient.keptTitles();
    const healthy = mended.code === 0 && mended.repairs.at(-1)?.after === 'healthy';
    const lostAfter = await lostOf(network, everyday);
    await inspect?.(patient);
    const undo = await patient.netdoctor('undo', '--all', '--json');
    let undone = firstDifference(before, await listingOfNamespaces(await network.namespaces()));
    // A bridge that lost its last port shows it a moment later: the kernel tells of carriers at most once a second.
    if (undone !== 'same') {
      await new Promise((done) => setTimeout(done, 1500));
      undone = firstDifference(before, await listingOfNamespaces(await network.namespaces()));
    }
    const lostByUndo = await lostOf(network, standing);
    const stood = new Set(standing.map(({ says }) => says));
    const flows = {
      asked: everyday.length,
      lost: lostAfter.filter((says) => stood.has(says)),
      notBack: lostAfter.filter((says) => !stood.has(says)),
      lostByUndo,
    };
    let again = await patient.ask();
    if (again.cause !== first.cause) {
      await forgetLearned(network, Object.keys(await network.namespaces()));
      again = await patient.ask();
    }
    const complaint =
      undo.code === 0
        ? null
        : `undo: exit ${undo.code}: ${(undo.stderr || undo.stdout).trim()}`.slice(0, 900);
    return { ...told, kept, healthy, undone, again: again.cause, flows, titles, seconds, complaint };
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error);
    return {
      scenario,
      cause: null,
      risks: [],
      ...NOT_MENDED,
      complaint,
    };
  } finally {
    await network?.down();
  }
}

/**
 * A mended network has learned neighbours and path MTUs, and would get by on them: they are no configuration, so the
 * undo leaves them. The scenarios' own faults begin with the same.
 */
async function forgetLearned(network: Network, names: readonly string[]): Promise<void> {
  for (const name of names)
    await network.step({ in: name, sh: 'ip neigh flush all; ip route flush cache; ip -6 route flush cache' });
}
