import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Options, ResultPromise } from 'execa';
import './end-by-signal.ts';
import { KernelMounts } from './kernel-mounts.ts';
import { namespaceName, namespacePath, type Place, places, uniqueId } from './names.ts';
import { end, processesIn, startedFrom } from './processes.ts';
import { rules4, rules6 } from './rules.ts';
import { rulesOfDocker28 } from './rules-docker28.ts';
import { rulesOfDocker29 } from './rules-nft.ts';
import { inNamespace, ipBatch, removeNamespaces } from './run.ts';
import { startServers } from './servers.ts';
import { earlySettings, guestLines, hostLines, hostSettings } from './topology.ts';

const programs = join(import.meta.dirname, 'programs');

/** Something that a scenario does to one of the machines. */
export type Step = { readonly in: Place; readonly sh: string };

/** What a step said, and whether it worked. */
export type StepResult = { readonly exitCode: number; readonly said: string };

/** A host with three containers and a neighbour that plays the internet, all in namespaces of its own. */
export class Lab {
  readonly id = uniqueId();
  readonly names = Object.fromEntries(
    places.map((place) => [place, namespaceName(this.id, place)]),
  ) as Record<Place, string>;
  /** A folder of this lab alone: `fw4` and `fw6` are the host's rules as built, `docker28` and `docker29` others. */
  readonly folder = mkdtempSync(join(tmpdir(), `${this.id}-`));
  readonly mounts = new KernelMounts(this.folder, this.id);
  readonly #started = new Set<number>();

  /** What a program started here finds: the namespaces by the names of their machines, and the folders. */
  readonly environment: Record<string, string> = environmentOf(this);

  private constructor(
    readonly ipv6: boolean,
    readonly bare: boolean,
  ) {
    standing.add(this);
  }

  /** Arguments as scenarios write them: $A and the like are the namespaces' names, as in steps. */
  named(args: readonly string[]): string[] {
    return args.map((word) => word.replace(/\$(\w+)/g, (whole, name) => this.environment[name] ?? whole));
  }

  /**
   * Builds one, with its servers answering; a lab that cannot be built is taken down and is an error. A bare one
   * is a host with its uplink and nothing else, for an engine that brings bridges, rules and containers.
   */
  static async up({ ipv6 = false, bare = false } = {}): Promise<Lab> {
    const lab = new Lab(ipv6, bare);
    try {
      await lab.#build();
      return lab;
    } catch (error) {
      lab.down();
      throw error;
    }
  }

  async #build(): Promise<void> {
    const { names, ipv6, bare } = this;
    this.#provide();
    await ipBatch(places.map((place) => `netns add ${names[place]}`));
    await Promise.all(places.map((place) => this.run(place, ['sysctl', '-qw', ...earlySettings(ipv6)])));
    await ipBatch(hostLines(names, ipv6, bare), names.host);
    await Promise.all(this.#inhabited().map((place) => this.#settle(place)));
  }

  /** The machines that take part: a host that brings its own containers has only LAN beside it. */
  #inhabited(): readonly Place[] {
    return this.bare ? ['host', 'LAN'] : places;
  }

  /**
   * Gives a machine its addresses and rules, then its servers, in that order: as long as a namespace has no
   * address the kernel takes every one for a broadcast, lets a server bind to it, and answers from another.
   */
  async #settle(place: Place): Promise<void> {
    const { ipv6, bare } = this;
    if (place !== 'host') {
      await ipBatch(guestLines(place, ipv6), this.names[place]);
      return startServers(this, place);
    }
    const settled = [this.run('host', ['sysctl', '-qw', ...hostSettings(ipv6, bare)])];
    if (!bare) settled.push(this.run('host', ['iptables-restore'], { input: rules4 }));
    if (ipv6 && !bare) settled.push(this.run('host', ['ip6tables-restore'], { input: rules6 }));
    await Promise.all([...settled, ...(bare ? [] : [startServers(this, 'host')])]);
  }

  /** Puts `serve`, `ask` and `bpf-load` where steps find them, and the rules where they can be restored from. */
  #provide(): void {
    for (const program of readdirSync(programs)) {
      symlinkSync(join(programs, program), join(this.folder, program.replace(/\.(mjs|sh)$/, '')));
    }
    writeFileSync(join(this.folder, 'fw4'), rules4);
    writeFileSync(join(this.folder, 'fw6'), rules6);
    writeFileSync(join(this.folder, 'docker28'), rulesOfDocker28);
    writeFileSync(join(this.folder, 'docker29'), rulesOfDocker29);
  }

  /** The path of a machine's namespace. */
  namespace(place: Place): string {
    return namespacePath(this.names[place]);
  }

  /** Starts a program in one of the machines. It ends with the lab, if not before. */
  run<O extends Options>(place: Place, argv: readonly string[], options?: O): ResultPromise<O> {
    const child = inNamespace(this.names[place], argv, {
      ...options,
      env: this.environment,
    } as unknown as O);
    const { pid } = child;
    if (pid !== undefined) {
      this.#started.add(pid);
      // An id that is free again may be given to somebody else's process.
      (child as unknown as ResultPromise).once('exit', () => this.#started.delete(pid));
    }
    return child;
  }

  /** Does one step after the other. A step's own failure is a result: some commands of faults are meant to fail. */
  async steps(steps: readonly Step[]): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (const step of steps) results.push(await this.step(step));
    return results;
  }

  /** Does one step by bash; what it leaves in the background goes on until the lab ends. */
  async step(step: Step): Promise<StepResult> {
    if (/\$(BPF|CG)\b/.test(step.sh)) this.mounts.mount();
    // Into a file, not a pipe: what a step leaves running would hold the pipe open.
    const said = join(this.folder, 'step.log');
    const script = `exec >"$LAB/step.log" 2>&1\n${step.sh}`;
    const { exitCode = -1 } = await this.run(step.in, ['bash', '-c', script], {
      reject: false,
      stdio: 'ignore',
      timeout: 20_000,
    });
    // A step that outlives its lab, as a client that nobody answered, has nowhere to say it.
    return { exitCode, said: existsSync(said) ? readFileSync(said, 'utf8') : '' };
  }

  /** Starts a step that stays, and tells its process id; a step that ends with `exec` keeps it. */
  async start(step: Step): Promise<number> {
    if (/\$(BPF|CG)\b/.test(step.sh)) this.mounts.mount();
    const child = this.run(step.in, ['bash', '-c', step.sh], { reject: false, stdio: 'ignore' });
    // It is a bash that has still to do what it was told: a moment, and it is what the scenario is about.
    await sleep(200);
    return child.pid ?? -1;
  }

  /** Takes the lab down: its processes, its namespaces, its mounts and its folder. At once and again is fine. */
  down(): void {
    end(this.#started);
    for (const place of places) end(processesIn(this.namespace(place)));
    // What a step started inside an engine's container lives in none of these, and outlives the container.
    end(startedFrom(this.folder));
    removeNamespaces(Object.values(this.names));
    this.mounts.unmount();
    rmSync(this.folder, { recursive: true, force: true });
    // What a step laid over /etc for a machine of ours: ip-netns(8).
    for (const name of Object.values(this.names))
      rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
    standing.delete(this);
  }
}

function environmentOf({ names, folder, mounts }: Lab): Record<string, string> {
  const node = dirname(process.execPath);
  const system = '/usr/sbin:/usr/bin:/sbin:/bin';
  return {
    PATH: [folder, process.env.PATH ?? '', node, system].join(delimiter),
    HOST: names.host,
    A: names.A,
    B: names.B,
    C: names.C,
    LAN: names.LAN,
    LAB: folder,
    BPF: mounts.pins,
    CG: mounts.group,
  };
}

// What stands when the process ends goes with it, by an error and by a signal too.
const standing = new Set<Lab>();
process.on('exit', () => {
  for (const lab of standing) lab.down();
});
