/** A small machine in memory: sysctls, files, one iptables table; it can be killed at any call, and its disk can fill up. */
import type { Machine, Output } from '../../src/host/machine.ts';
import { type Answer, known, notKnown } from '../../src/model/answer.ts';
import type { Command } from '../../src/model/netns.ts';
import { sysctlFile } from '../../src/repair/observe/sysctl.ts';

/** Every call after a SIGKILL: the process no longer exists to see it. */
export class Killed extends Error {}

interface File {
  text: string;
  access: string;
}

export const STATE = '/state';
const INODE = 4026531840;

export class World {
  readonly files = new Map<string, File>();
  readonly sysctls = new Map<string, string>();
  readonly chains = new Map<string, { policy: string; rules: string[] }>();
  readonly links = new Map<string, string>();
  /** Every change that was made, as a line. */
  readonly made: string[] = [];
  boot = 'b00t';
  clock = 0n;
  /** errno that writes below this path get. */
  refused: { path: string; errno: string; after: number } | null = null;
  holder: number | null = null;
  detached: Command[] = [];

  constructor() {
    for (const key of [
      'net.ipv4.ip_forward',
      'net.ipv4.conf.br0.rp_filter',
      'net.bridge.bridge-nf-call-iptables',
    ])
      this.sysctls.set(key, '0');
    for (const chain of ['INPUT', 'FORWARD']) this.chains.set(chain, { policy: 'ACCEPT', rules: [] });
  }

  /** Everything but the journal: what a repair must lead back. */
  configuration(): string {
    const kept = [...this.files].filter(([file]) => !file.startsWith(STATE)).sort();
    return JSON.stringify(
      [kept, [...this.sysctls].sort(), [...this.chains].sort(), [...this.links].sort()],
      null,
      1,
    );
  }

  machine(): Machine {
    return {
      run: async (command) => this.#run(command),
      read: (file) => this.#read(file),
      readForeign: (file) => this.#read(file),
      list: (folder) => this.#list(folder),
      link: (file) => this.#follow(file),
      ownedAlone: () => known(undefined, []),
      netns: (path) =>
        path === '/run/netns/gone' ? notKnown('vanished', path, []) : known({ inode: 7, path }, []),
      write: (file, text, options) => this.#write(file, text, options?.mode ?? 0o644),
      remove: (file) => {
        this.made.push(`rm ${file}`);
        return this.files.delete(file) ? known(undefined, []) : notKnown('vanished', `${file}: ENOENT`, []);
      },
      makeDirectory: () => known(undefined, []),
      lock: (file) => this.#lock(file),
      detach: (command) => {
        this.detached.push(command);
        return known(4711, command.argv);
      },
      now: () => (this.clock += 500_000_000n),
      uid: 0,
      pid: 42,
      self: { inode: INODE, path: '/proc/42/ns/net' },
      env: { NETDOCTOR_STATE: STATE },
    } satisfies Partial<Machine> as unknown as Machine;
  }

  #lock(file: string): ReturnType<Machine['lock']> {
    if (this.refused && file.startsWith(this.refused.path) && this.refused.after <= 0)
      return notKnown('unreadable', `${file}: ${this.refused.errno}`, []);
    if (this.holder !== null) return known({ holder: this.holder }, []);
    this.holder = 42;
    return known(
      {
        release: () => {
          this.holder = null;
        },
      },
      [],
    );
  }

  #read(file: string): Answer<string> {
    if (file === '/proc/sys/kernel/random/boot_id') return known(`${this.boot}\n`, ['cat', file]);
    for (const [key, value] of this.sysctls)
      if (sysctlFile(key) === file) return known(`${value}\n`, ['cat', file]);
    const found = this.files.get(file);
    return found ? known(found.text, ['cat', file]) : notKnown('vanished', `${file}: ENOENT`, ['cat', file]);
  }

  #list(folder: string): Answer<readonly string[]> {
    const names = [...this.files.keys()]
      .filter((file) => file.startsWith(`${folder}/`))
      .map((file) => file.slice(folder.length + 1).split('/')[0] ?? '');
    return names.length > 0
      ? known([...new Set(names)], ['ls', folder])
      : notKnown('vanished', `${folder}: ENOENT`, []);
  }

  #follow(file: string): Answer<string> {
    const next = this.links.get(file);
    return next ? known(next, []) : notKnown('unreadable', `${file}: EINVAL`, []);
  }

  #write(file: string, text: string, mode: number): Answer<void> {
    if (this.refused && file.startsWith(this.refused.path) && this.refused.after-- <= 0)
      return notKnown('unreadable', `${file}: ${this.refused.errno}`, []);
    if (!file.startsWith(STATE)) this.made.push(`write ${file}`);
    this.files.set(file, { text, access: `${(mode & 0o777).toString(8)} 0:0` });
    return known(undefined, []);
  }

  #run({ argv }: Command): Answer<Output> {
    const say = (stdout = '', code = 0, stderr = '') => known({ stdout, stderr, code }, argv);
    const [tool, ...words] = argv;
    const file = argv.at(-1) ?? '';
    if (tool === 'stat') return say(`${this.files.get(file)?.access}\n`);
    if (tool === 'chmod' || tool === 'chown') {
      const [mode, owner] = (this.files.get(file)?.access ?? '').split(' ');
      const given = words[0]?.replace(/^0(?=\d{3})/, '') ?? '';
      this.files.get(file)!.access = tool === 'chmod' ? `${given} ${owner}` : `${mode} ${given}`;
      return say();
    }
    if (tool === 'iptables-save') return say(this.#saved());
    if (tool === 'nft' || tool === 'dockerd')
      return notKnown('no-such-tool', `${tool} is not installed`, argv);
    if (tool === 'ip') return say('[]');
    this.made.push(argv.join(' '));
    if (tool === 'sysctl')
      return this.#sysctl(words.at(-1) ?? '') ? say() : say('', 255, 'sysctl: permission denied');
    if (tool === 'iptables') return this.#iptables(words) ? say() : say('', 1, 'iptables: Bad rule');
    if (tool === 'true') return say();
    return say('', 1, `${tool}: it does not work`);
  }

  #sysctl(assignment: string): boolean {
    const [key = '', value = ''] = assignment.split('=');
    if (!this.sysctls.has(key)) return false;
    this.sysctls.set(key, value);
    return true;
  }

  #saved(): string {
    const all = [...this.chains];
    const rules = all.flatMap(([name, { rules: list }]) => list.map((rule) => `-A ${name} ${rule}`));
    return [
      '*filter',
      ...all.map(([name, { policy }]) => `:${name} ${policy} [0:0]`),
      ...rules,
      'COMMIT',
      '',
    ].join('\n');
  }

  #iptables(words: readonly string[]): boolean {
    const [, , verb, name = '', ...rest] = words;
    const chain = this.chains.get(name);
    if (!chain) return false;
    const number = /^\d+$/.test(rest[0] ?? '') ? Number(rest[0]) : null;
    const spec = (number === null ? rest : rest.slice(1)).join(' ');
    if (verb === '-P') chain.policy = rest[0] ?? '';
    else if (verb === '-A') chain.rules.push(spec);
    else if (verb === '-I') chain.rules.splice((number ?? 1) - 1, 0, spec);
    else if (verb === '-D') {
      const at = number === null ? chain.rules.indexOf(spec) : number - 1;
      if (at < 0 || at >= chain.rules.length) return false;
      chain.rules.splice(at, 1);
    } else return false;
    return true;
  }
}

/** The same machine, whose process is killed at its `at`th call: before the call has its effect, or just after. */
export function mortal(
  machine: Machine,
  at: number,
  when: 'before' | 'after',
): { machine: Machine; calls: () => number } {
  let calls = 0;
  const guard =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      calls++;
      if (calls > at || (calls === at && when === 'before')) throw new Killed();
      const result = work(...args);
      if (calls !== at) return result;
      if (result instanceof Promise) return result.then(() => Promise.reject(new Killed())) as R;
      throw new Killed();
    };
  return {
    calls: () => calls,
    machine: {
      ...machine,
      run: guard(machine.run),
      read: guard(machine.read),
      list: guard(machine.list),
      write: guard(machine.write),
      remove: guard(machine.remove),
      link: guard(machine.link),
    },
  };
}
