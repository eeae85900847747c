/** netdoctor as root starts it on a lab's host, beside strangers who mean harm. */
import type { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Characters of strangers that must not reach a terminal: controls, formats, separators, fillers, variations. */
export const UNPRINTABLE =
  /[^\P{Cc}\n\t]|\p{Cf}|\p{Zl}|\p{Zp}|\u115f|\u1160|\u3164|\uffa0|\p{Variation_Selector}/u;

/** Starts netdoctor in the lab's host with a journal of the lab's own. */
export async function netdoctor(
  lab: Lab,
  args: readonly string[],
  { env = {}, cwd }: Circumstances = {},
): Promise<Said> {
  const words = Object.entries({ NETDOCTOR_STATE: `${lab.folder}/state`, ...env });
  const argv = ['env', ...words.map(([name, value]) => `${name}=${value}`), program, ...args];
  const {
    exitCode = -1,
    stdout,
    stderr,
  } = await lab.run('host', argv, {
    reject: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { exitCode, stdout, stderr };
}

export const TO = '198.51.100.1';

/** One diagnosis of A, as text. */
export const diagnose = (lab: Lab, ...args: string[]): Promise<Said> =>
  netdoctor(lab, ['diagnose', `netns:${lab.names.A}`, '--to', TO, '--plain', ...args]);
