/** Takes a recipe through its whole life on real namespaces, and says what was not as it should be. */
import type { Result } from 'execa';
import { bundled, enclosed } from '../guide/enclosed/bundles.ts';
import { cases, type Kind, kinds } from '../guide/enclosed/cases.ts';
import { DockerHost } from './docker.ts';

/** What is asked of a recipe, in the order of the table's columns. */
export const questions = ['works', 'idempotent', 'undone', 'interrupted', 'script'] as const;
export type Question = (typeof questions)[number];

export interface Examined {
  readonly name: string;
  readonly kind: Kind;
  /** Why this machine cannot make it, in the recipe's own words. */
  readonly impossible: string | null;
  /** What is wrong; nothing is good. */
  readonly faults: Readonly<Record<Question, readonly string[]>>;
  /** After how many commands it was interrupted. */
  readonly interruptions: number;
  readonly seconds: number;
}

/** Every case of every kind. */
export const candidates = Object.entries(cases).flatMap(([name, of]) =>
  kinds.filter((kind) => of[kind] !== undefined).map((kind) => ({ name, kind })),
);

/** iptables leaves the empty table that it made; the journal takes that away too, a script does not. */
const EMPTY_TABLE = /mangle|FORWARD ACCEPT|type filter hook forward|: [-+] (COMMIT|\}?$)/;

/** Where recipes are examined: namespaces for each case anew, and one Docker Engine for all, when it is first wanted. */
export class RecipeExam {
  #program: ReturnType<typeof bundled> | null = null;
  #docker: Promise<DockerHost> | null = null;

  async down(): Promise<void> {
    await (await this.#docker)?.down();
    (await this.#program)?.remove();
  }

  /** Makes, proves, repeats, undoes it; interrupts it after every command; runs its script. */
  async examine(name: string, kind: Kind): Promise<Examined> {
    const began = performance.now();
    const life = await this.#run(name, kind, 'life');
    const none = { works: [], idempotent: [], undone: [], interrupted: [], script: [] };
    const seconds = () => (performance.now() - began) / 1000;
    if (life.failure?.exit === 3)
      return {
        name,
        kind,
        impossible: life.failure.message,
        faults: none,
        interruptions: 0,
        seconds: seconds(),
      };
    const interrupted = await this.#run(name, kind, 'interrupted');
    const script = await this.#run(name, kind, 'script');
    const faults = {
      ...lifeFaults(life),
      interrupted: failed(interrupted) ?? [
        ...wanting(interrupted.commands > 0, 'no command'),
        ...interrupted.faults,
      ],
      script: failed(script) ?? scriptFaults(script),
    };
    return {
      name,
      kind,
      impossible: null,
      faults,
      interruptions: interrupted.commands ?? 0,
      seconds: seconds(),
    };
  }

  /** Makes, proves, repeats and undoes it. */
  async live(name: string, kind: Kind): Promise<Pick<Examined['faults'], 'works' | 'idempotent' | 'undone'>> {
    return lifeFaults(await this.#run(name, kind, 'life'));
  }

  async #run(name: string, kind: Kind, mode: string): Promise<Seen> {
    this.#program ??= bundled('recipe');
    const { file } = await this.#program;
    if (kind === 'namespaces') return seen(await enclosed(file, [name, kind, mode]));
    this.#docker ??= DockerHost.up();
    const { lab } = await this.#docker;
    const program = [process.execPath, file, name, kind, mode];
    const argv = ['unshare', '--mount', 'env', 'NETDOCTOR_STATE=/run/netdoctor', ...program];
    return seen((await lab.run('host', argv, { timeout: 280_000, reject: false })) as Result);
  }
}

/** What the enclosed program says: one document a mode. */
// biome-ignore lint/suspicious/noExplicitAny: it is read by its reader alone
type Seen = any;

function seen({ stdout, stderr }: Pick<Result, 'stdout' | 'stderr'>): Seen {
  const last = String(stdout).trim().split('\n').at(-1);
  return last ? JSON.parse(last) : { broken: String(stderr) };
}

const wanting = (holds: boolean, complaint: string): string[] => (holds ? [] : [complaint]);

/** A run that came to no end. */
const failed = ({ broken, failure }: Seen): string[] | null =>
  broken ? [broken] : failure ? [failure.message] : null;

function lifeFaults(life: Seen): Pick<Examined['faults'], 'works' | 'idempotent' | 'undone'> {
  const no = failed(life);
  if (no) return { works: no, idempotent: no, undone: no };
  const { first, second, asked, missed, unchanged, said, left } = life;
  return {
    works: [
      ...wanting(first.end?.status === 'done', `${first.end?.status}: ${first.end?.because}`),
      ...wanting(first.commands > 0, 'no command'),
      ...wanting(first.proofs.length + asked > 0, 'no proof'),
      ...first.proofs.filter((proof: { holds: boolean }) => !proof.holds).map(JSON.stringify),
      ...missed,
    ],
    idempotent: [
      ...wanting(second.end?.status === 'done' && second.end.journal === null, `then ${second.end?.status}`),
      ...wanting(second.commands === 0, `${second.commands} commands again`),
      ...unchanged,
    ],
    undone: [...said, ...left],
  };
}

function scriptFaults({ untouched, made, proofs, undone, left }: Seen): string[] {
  const quiet = (what: string, [code, said]: [number, string]) =>
    wanting(code === 0 && said === '', `${what}: ${code} ${said}`);
  return [
    ...untouched.map((line: string) => `printing it: ${line}`),
    ...quiet('run by sh', made),
    ...proofs,
    ...quiet('its way back', undone),
    ...left.filter((line: string) => !EMPTY_TABLE.test(line)),
  ];
}
