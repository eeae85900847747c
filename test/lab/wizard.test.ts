/** The wizard in a real terminal, from the first key to the proof. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../guide/enclosed/bundles.ts';
import { Tmux } from '../pty/tmux.ts';

const program = join(import.meta.dirname, '../../bin/netdoctor');
let inside: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  inside = await bundled('inside');
});
afterAll(() => inside.remove());

let terminal: Tmux;
afterEach(() => terminal?.close());

/** Starts it on the demo's network, after `before`; `after` runs there when it has ended. */
function wizard(words: string, after = 'true', before = 'true'): void {
  terminal = new Tmux('/proc/self/ns/net', {
    columns: 100,
    rows: 40,
    env: { NETDOCTOR_STATE: '/run/netdoctor' },
  });
  const script = `${before}; ${program} setup ${words}; echo "ended $?"; ${after}; echo over`;
  terminal.enter(`unshare --mount --net ${process.execPath} ${inside.file} bridge-nat sh -c '${script}'`);
}

/** Answers with Enter until a step is on the screen. */
async function toFirstStep(): Promise<void> {
  for (let left = 40; left > 0; left -= 1) {
    const screen = terminal.screen().join('\n');
    if (/Step \d+ of/.test(screen)) return;
    if (/Enter takes /.test(screen)) terminal.press('Enter');
    await new Promise((done) => setTimeout(done, 700));
  }
  throw new Error(`no step:\n${terminal.screen().join('\n')}`);
}

describe('the wizard', () => {
  it('takes somebody who only presses Enter to a network that works', async () => {
    wizard('--set outside=198.51.100.1', 'netdoctor undo');
    await terminal.until(/› veth-direct/);
    terminal.press('Down', 'Down', 'Down');
    await terminal.until(/› bridge-nat/);
    terminal.press('Enter');
    await terminal.until(/Which containers are connected\?/);
    await toFirstStep();
    expect(terminal.screen().join('\n')).toMatch(/red +not there yet/);
    for (let step = 1; step < 24; step += 1) {
      terminal.press('Enter');
      if (step < 23) await terminal.until(new RegExp(`Step ${step + 1} of 23`));
    }
    await terminal.until(/^ended 0/);
    const told = terminal.all().join('\n');
    expect(told).toMatch(/✓ Let 10\.10\.0\.0\/24 leave with the host's own address/);
    expect(told).toMatch(/✓ red → 198\.51\.100\.1: answered/);
    expect(told).toMatch(/✓ vethred +host +port of br-nat +3 seen +3 back/);
    expect(told).toMatch(/netdoctor undo 1 takes it all back/);
  }, 170_000);

  it('says what is wrong with an answer and asks again', async () => {
    wizard('bridge-nat');
    await terminal.until(/Which containers are connected\?/);
    terminal.enter('nobody');
    await terminal.until(/✗ No container or namespace is called "nobody"/);
    terminal.press('C-u');
    terminal.enter('new:red');
    await terminal.until(/✓ Which containers are connected\? new:red/);
    terminal.press('C-c');
    await terminal.until(/^ended 0/);
  }, 60_000);

  it('goes back, skips, and takes everything back when it is left', async () => {
    wizard('bridge-nat --set containers=new:red --set outside=198.51.100.1', 'ip netns list | grep -c red');
    await toFirstStep();
    terminal.press('Enter');
    await terminal.until(/Step 2 of/);
    terminal.press('b');
    await terminal.until(/✓|undone/);
    await terminal.until(/Step 1 of/);
    terminal.press('Enter');
    await terminal.until(/Step 2 of/);
    terminal.press('s');
    await terminal.until(/skipped/);
    await terminal.until(/Step 3 of/);
    terminal.press('q');
    await terminal.until(/^ended 0/);
    const rows = await terminal.until(/^over/);
    expect(rows[rows.indexOf('over') - 1], 'red is gone again').toBe('0');
  }, 60_000);

  it('stops at a step that fails, diagnoses what stands, and goes on', async () => {
    // An iptables that fails once, as while somebody else holds its lock.
    const once = [
      'mkdir /run/bin',
      'printf "%s\\n" "#!/bin/sh" "case \\$* in -I*) [ -e /run/failed ] || { touch /run/failed; echo locked >&2; exit 4; } ;; esac" "exec $(command -v iptables) \\"\\$@\\"" >/run/bin/iptables',
      'chmod +x /run/bin/iptables',
      'export PATH=/run/bin:$PATH',
    ].join('; ');
    wizard('bridge-nat --set containers=new:red --set outside=198.51.100.1', 'true', once);
    await toFirstStep();
    terminal.press('a');
    await terminal.until(/✗ Let .* (forwarded|each other)/);
    await terminal.until(/locked\. Looking again: the rule is not there/);
    terminal.press('Enter');
    await terminal.until(/✗ red → 10\.10\.0\.1: no answer/);
    await terminal.until(/r try again/);
    terminal.press('r');
    await terminal.until(/✓ Let 10\.10\.0\.0\/24 leave/);
    await terminal.until(/✓ red → 198\.51\.100\.1: answered/);
    await terminal.until(/^ended 0/);
  }, 90_000);
});
