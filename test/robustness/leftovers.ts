/** What a netdoctor that was started in a lab has left there, or on the machine: nothing, it is hoped. */
import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';
import type { Lab } from '../lab/lab.ts';
import { places } from '../lab/names.ts';

/** Processes of the lab, by the environment that all of them inherit. */
function processesOf(lab: Lab): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`LAB=${lab.folder}`);
      } catch {
        return false;
      }
    });
}

export class Leftovers {
  readonly #lab: Lab;
  /** The lab's own servers. */
  readonly #expected: ReadonlySet<number>;
  readonly #runs = new Set<number>();

  constructor(lab: Lab) {
    this.#lab = lab;
    this.#expected = new Set(processesOf(lab));
  }

  /** A netdoctor whose tracing instance is looked for, by its process id: those of others are not ours to judge. */
  started(pid: number): void {
    this.#runs.add(pid);
  }

  /** Everything found, each in a line. */
  async find(): Promise<string[]> {
    const [tables, instances] = await Promise.all([this.#tables(), this.#instances()]);
    const processes = processesOf(this.#lab)
      .filter((pid) => !this.#expected.has(pid))
      // A process that has ended and was not yet waited for has no command line any more.
      .flatMap((pid) => commandOf(pid) ?? [])
      .map((line) => `process ${line}`);
    return [...processes, ...tables, ...instances];
  }

  async #tables(): Promise<string[]> {
    const found = await Promise.all(
      places.map(async (place) => {
        const enter = `--net=${this.#lab.namespace(place)}`;
        const { stdout } = await execa('nsenter', [enter, 'nft', 'list', 'tables'], { reject: false });
        const mine = stdout.split('\n').filter((line) => line.includes('netdoctor'));
        return mine.map((line) => `${place}: ${line}`);
      }),
    );
    return found.flat();
  }

  /** Through a mount that only this one shell sees: the machine's own tracefs may not be mounted anywhere. */
  async #instances(): Promise<string[]> {
    const script = 'mount -t tracefs none "$1" && ls "$1/instances"';
    const { stdout } = await execa('unshare', ['--mount', 'sh', '-c', script, 'sh', this.#lab.folder]);
    return stdout
      .split('\n')
      .filter((name) => {
        const pid = /^netdoctor-(\d+)-\d+-/.exec(name)?.[1];
        return this.#runs.has(Number(pid));
      })
      .map((name) => `tracing instance ${name}`);
  }
}

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() || undefined;
  } catch {
    return undefined;
  }
}
