import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Lab } from '../lab/lab.ts';
import { program } from '../lab/lab-network.ts';
import type { Place } from '../lab/names.ts';

/** The end of a run. */
export interface End {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  /** Without what it says about its waiting. */
  readonly stderr: string;
}

export interface Run {
  readonly pid: number;
  readonly ended: Promise<End>;
  /** Resolves when the first event of this type has been told. */
  until(type: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a diagnosis on the lab's host that tells its events as they happen; it goes on while the test meddles. */
export function begin(lab: Lab, args: readonly string[], from: Place = 'A'): Run {
  const argv = [program, 'diagnose', `netns:${lab.names[from]}`, '--ndjson', ...args];
  const child = lab.run('host', argv, {
    reject: false,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
  });
  const lines = createInterface({ input: child.stdout });
  const seen = new Set<string>();
  lines.on('line', (line) => {
    const { type } = JSON.parse(line) as { type?: string };
    if (type) seen.add(type);
  });
  const ended = child.then(({ exitCode, signal, stdout, stderr }) => ({
    exitCode,
    signal,
    stdout,
    stderr: stderr.replace(/^Waiting for .*\n?/gm, ''),
  }));
  return {
    pid: child.pid!,
    ended,
    kill: (signal) => void child.kill(signal),
    async until(type) {
      while (!seen.has(type)) {
        const over = await Promise.race([once(lines, 'line'), ended.then((end) => end)]);
        if (!Array.isArray(over) && !seen.has(type))
          throw new Error(`it ended (${over.exitCode}) before any ${type}: ${over.stdout}${over.stderr}`);
      }
    },
  };
}

/** Wants an answer that never comes: everything stays armed for as long. */
export const patient = ['--to', '198.51.100.1', '--wait', '8'];

/** The internet of the lab hears, and says nothing. */
export const silence = { in: 'LAN', sh: 'sysctl -qw net.ipv4.icmp_echo_ignore_all=1' } as const;
