/** A real terminal: tmux on a socket of its own, its windows inside a namespace. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

let count = 0;

/** Seconds that anything on the screen may take on a machine with much else to do. */
const PATIENCE = 20;

export interface TmuxOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class Tmux {
  readonly #socket = `netdoctor-${process.pid}-${count++}`;

  /** A shell in the namespace, with a prompt that is easy to find. */
  constructor(namespace: string, { columns = 90, rows = 30, env = {} }: TmuxOptions = {}) {
    const shell = [
      'env',
      '-u',
      'CI',
      'PS1=$ ',
      'LANG=C.UTF-8',
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ];
    const size = ['-x', String(columns), '-y', String(rows)];
    execFileSync('nsenter', [
      `--net=${namespace}`,
      ...['tmux', '-L', this.#socket, '-f', '/dev/null', 'new-session', '-d', ...size],
      ...[...shell, 'bash', '--norc', '--noprofile', '--noediting'],
    ]);
  }

  #ask(...words: string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...words], { encoding: 'utf8' });
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `Up`. */
  press(...keys: string[]): void {
    this.#ask('send-keys', ...keys);
  }

  /** Types text as it is. */
  type(text: string): void {
    this.#ask('send-keys', '-l', text);
  }

  enter(line: string): void {
    this.type(line);
    this.press('Enter');
  }

  /** The rows in sight. */
  screen(): string[] {
    return this.#ask('capture-pane', '-p').split('\n');
  }

  /** Scrollback and screen, with the escape sequences of their colours when asked. */
  all(colours = false): string[] {
    return this.#ask('capture-pane', '-p', '-J', '-S', '-', ...(colours ? ['-e'] : [])).split('\n');
  }

  resize(columns: number, rows: number): void {
    this.#ask('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** The terminal's line settings, as stty(1) prints them. */
  settings(): string {
    const tty = this.#ask('display-message', '-p', '#{pane_tty}').trim();
    return execFileSync('stty', ['-F', tty, '-a'], { encoding: 'utf8' });
  }

  /** Processes of the terminal, by the name of their program. */
  pidOf(program: string): number {
    const tty = this.#ask('display-message', '-p', '#{pane_tty}').trim().replace('/dev/', '');
    const rows = execFileSync('ps', ['-t', tty, '-o', 'pid=,comm='], { encoding: 'utf8' }).trim().split('\n');
    const found = rows.map((row) => row.trim().split(/\s+/)).find(([, name]) => name === program);
    if (!found) throw new Error(`no ${program} among:\n${rows.join('\n')}`);
    return Number(found[0]);
  }

  /** Waits until a row is there; says what is on the screen when it never comes. */
  async until(holds: RegExp | ((rows: string[]) => boolean), what = String(holds)): Promise<string[]> {
    const limit = Date.now() + PATIENCE * 1000;
    for (;;) {
      const rows = this.all();
      if (holds instanceof RegExp ? rows.some((row) => holds.test(row)) : holds(rows)) return rows;
      if (Date.now() > limit) throw new Error(`never saw ${what}; on the screen:\n${rows.join('\n')}`);
      await sleep(100);
    }
  }

  close(): void {
    try {
      this.#ask('kill-server');
    } catch {
      // Its shell has ended, and it with it.
    }
  }
}
