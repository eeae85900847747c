/** The built program on a lab's host, as scripts call it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnosis } from '../../src/output/schema/documents/diagnosis.ts';
import { event } from '../../src/output/schema/documents/event.ts';
import { veth } from '../../src/output/schema/documents/veth.ts';
import { Lab } from './lab.ts';
import { program } from './lab-network.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.up();
});
afterAll(() => lab.down());

const onHost = (sh: string) => lab.step({ in: 'host', sh });
const ask = (words: string) => onHost(`exec "${program}" netns:${lab.names.A} ${words} 2>/dev/null`);

/** A destination on the lab's internet that nobody owns: the answer is waited for. */
const NOBODY = '198.51.100.99';

describe('one run', () => {
  test('healthy is a document of its schema, and exit code 0', async () => {
    const { exitCode, said } = await ask('--to 198.51.100.1 --json');
    const document = diagnosis.parse(JSON.parse(said));
    expect(document).toMatchObject({ status: 'healthy', cause: null, between: null, sent: 3, answered: 3 });
    expect(exitCode).toBe(0);
  });

  test('a fault too, with exit code 1, and the same sentence in every form', async () => {
    const asked = `--to ${NOBODY} --wait 0.3`;
    const json = await ask(`${asked} --json`);
    const document = diagnosis.parse(JSON.parse(json.said));
    expect(document.status).toBe('fault');
    expect(document.path.map(({ request }) => request)).toEqual([3, 3, 3, 3]);
    expect(json.exitCode).toBe(1);

    const text = await ask(asked);
    expect(text.said.replace(/\n {2}/g, ' ')).toContain(`✗ ${document.summary}`);
    expect(text.exitCode).toBe(1);

    const events = (await ask(`${asked} --ndjson`)).said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['target', 'path', 'sent', 'sighting']),
    );
    for (const one of events.slice(0, -1)) expect(event.safeParse(one).error).toBeUndefined();
    expect(diagnosis.parse(events.at(-1)).summary).toBe(document.summary);
  });

  test('redacted, it names neither the target nor the destination', async () => {
    const { said } = await ask(`--to ${NOBODY} --wait 0.3 --redact --json`);
    expect(said).not.toContain(lab.names.A);
    expect(said).not.toContain(NOBODY);
    expect(diagnosis.parse(JSON.parse(said)).target.name).toBe('container-1');
  });
});

/** Runs a program under a seccomp filter that refuses one system call with EPERM: seccomp(2), filter of classic BPF. */
const CONNECT = { x64: 42, arm64: 203 }[process.arch as 'x64' | 'arm64'];
const FILTER = `import ctypes, os, struct, sys
c = ctypes.CDLL(None)
one = lambda *words: struct.pack('HBBI', *words)
code = one(0x20, 0, 0, 0) + one(0x15, 0, 1, ${CONNECT}) + one(6, 0, 0, 0x50001) + one(6, 0, 0, 0x7fff0000)
kept = ctypes.create_string_buffer(code)
class Program(ctypes.Structure): _fields_ = [('len', ctypes.c_ushort), ('filter', ctypes.c_void_p)]
assert c.prctl(38, 1, 0, 0, 0) == 0
assert c.prctl(22, 2, ctypes.byref(Program(4, ctypes.cast(kept, ctypes.c_void_p))), 0, 0) == 0
os.execv(sys.argv[1], sys.argv[1:])`;

test('what netdoctor itself may not do is no fault of the container', async () => {
  const { exitCode, said } = await onHost(
    `exec python3 -c "${FILTER}" "${program}" netns:${lab.names.A} --to 198.51.100.1:80 --json 2>/dev/null`,
  );
  const { status, cause, unknown } = diagnosis.parse(JSON.parse(said));
  expect({ status, cause, exitCode }).toEqual({ status: 'undecided', cause: null, exitCode: 3 });
  expect(unknown.map(({ because }) => because).join()).toContain('under a seccomp filter (Seccomp 2)');
});

describe('ended from outside', () => {
  const armed = async (): Promise<string> => (await onHost('nft list tables | grep netdoctor; true')).said;

  test.each([
    ['INT', 130],
    ['TERM', 143],
    ['HUP', 129],
  ])('SIG%s: %i, and nothing stays armed', async (signal, code) => {
    const { said } = await onHost(`
      "${program}" netns:${lab.names.A} --to ${NOBODY} --wait 20 --timeout 30 --ndjson >"$LAB/events" 2>/dev/null &
      asked=$!
      for n in $(seq 300); do grep -q '"type":"sent"' "$LAB/events" && break; sleep 0.1; done
      echo "armed $(nft list tables | grep -c netdoctor)"
      kill -${signal} $asked
      wait $asked
      echo "ended $?"`);
    expect(said).toMatch(/armed [1-9]/);
    expect(said).toContain(`ended ${code}`);
    expect(await armed()).toBe('');
  });
});

test('veth names both ends, whichever is asked for', async () => {
  const byTarget = await onHost(`"${program}" veth netns:${lab.names.A} --json 2>/dev/null`);
  const [pair] = veth.parse(JSON.parse(byTarget.said)).pairs;
  expect(pair).toMatchObject({
    found: 'one',
    container: { where: `netns:${lab.names.A}`, name: 'eth0' },
    peers: [{ where: 'host', name: 'vetha', master: 'br0' }],
  });
  const byInterface = await onHost(`"${program}" veth vetha --json 2>/dev/null`);
  expect(veth.parse(JSON.parse(byInterface.said)).pairs).toContainEqual(pair);
});
