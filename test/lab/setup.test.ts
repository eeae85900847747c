/** `netdoctor setup` as people call it, on a network of its own. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quote } from '../../src/words/text.ts';
import { bundled, enclosed } from '../guide/enclosed/bundles.ts';

const program = join(import.meta.dirname, '../../bin/netdoctor');
let inside: Awaited<ReturnType<typeof bundled>>;
beforeAll(async () => {
  inside = await bundled('inside');
});
afterAll(() => inside.remove());

/** Without the operational state, which bridges tell late. */
const LINKS = "links() { ip -o link | sed 's/ state [A-Z]*//'; }";

/** Runs shell lines on the demo's network; `netdoctor` is ours. */
const shell = (script: string, name = 'bridge-nat') =>
  enclosed(inside.file, [name, 'sh', '-c', `netdoctor() { ${quote(program)} "$@"; }\n${LINKS}\n${script}`]);

const CONTAINERS = '--set containers=new:red,new:blue --set outside=198.51.100.1';

describe('a recipe from the command line', () => {
  it('is made, told in the journal, and taken down by undo', async () => {
    const { stdout } = await shell(`
      links >/run/before
      netdoctor setup bridge-nat ${CONTAINERS} --yes --json >/run/one; echo "first $?"
      netdoctor setup bridge-nat ${CONTAINERS} --yes --json >/run/two; echo "second $?"
      netdoctor log | head -1
      netdoctor undo >/run/undo; echo "undo $?"
      links >/run/after; cmp /run/before /run/after && echo same
      ip netns list | grep -cE '^(red|blue)'
      cat /run/one; echo; echo ---; cat /run/two`);
    expect(stdout).toMatch(/^first 0\nsecond 0\n.*bridge-nat.*\nundo 0\nsame\n0\n/);
    const [one, two] = stdout
      .slice(stdout.indexOf('{'))
      .split('\n---\n')
      .map((text) => JSON.parse(text));
    expect(one).toMatchObject({
      schema: 'netdoctor/setup/1',
      status: 'done',
      recipe: 'bridge-nat',
      journal: '1',
    });
    expect(one.proof.map((proof: { holds: boolean }) => proof.holds)).toEqual([true, true, true, true, true]);
    expect(one.answers).toMatchObject({ bridge: 'br-nat', uplink: 'eth0', outside: '198.51.100.1' });
    expect(two.journal).toBeNull();
    expect(new Set(two.steps.map((step: { state: string }) => step.state))).toEqual(new Set(['already']));
  }, 180_000);

  it('changes nothing without a yes', async () => {
    const { stdout, exitCode } = await shell(
      `netdoctor setup bridge-nat ${CONTAINERS} 2>&1; e=$?; ip netns; exit $e`,
    );
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/has not been agreed to.*--dry-run/s);
    expect(stdout).not.toMatch(/^red/m);
  }, 60_000);

  it.each(['INT', 'TERM'])(
    'is taken back when SIG%s comes in the middle',
    async (signal) => {
      const { stdout } = await shell(`
      links >/run/before
      ${quote(program)} setup bridge-nat ${CONTAINERS} --yes >/run/said 2>&1 & p=$!
      until grep -q 'Plug vethred' /run/said; do sleep 0.05; done
      kill -${signal} $p; wait $p; echo "exit $?"
      links >/run/after; cmp /run/before /run/after && echo same; ip netns list | grep -cE '^(red|blue)'`);
      expect(stdout).toMatch(signal === 'INT' ? /exit 130/ : /exit 143/);
      expect(stdout).toMatch(/same\n0/);
    },
    60_000,
  );

  it('says which step failed and what it found, and takes the rest back', async () => {
    // A rule set that iptables may not read any more, as when nft wrote to its table.
    const { stdout } = await shell(`
      mkdir /run/bin; printf '#!/bin/sh\\necho "iptables: no" >&2; exit 4\\n' >/run/bin/iptables; chmod +x /run/bin/iptables
      PATH=/run/bin:$PATH netdoctor setup bridge-nat ${CONTAINERS} --yes 2>&1; echo "exit $?"
      ip netns list | grep -cE '^(red|blue)'`);
    expect(stdout).toMatch(/✗ Let .*\n.*iptables: no\. Looking again: iptables: no\./);
    expect(stdout).toMatch(/stops at such\s+a\s+step\s+and\s+offers\s+the\s+diagnosis/);
    expect(stdout).toMatch(/exit 3\n0$/);
  }, 60_000);

  it('finds out by traffic that something else is in the way', async () => {
    const { stdout } = await shell(`
      iptables -I FORWARD 1 -i br-nat -o eth0 -j DROP
      netdoctor setup bridge-nat ${CONTAINERS} --yes; echo "exit $?"`);
    expect(stdout).toMatch(/✗ red → 198\.51\.100\.1: no answer\n.*rule/s);
    expect(stdout).toMatch(/netdoctor diagnose netns:red --to 198\.51\.100\.1 tells where and why/);
    expect(stdout).toMatch(/netdoctor\s+undo\s+1\s+takes\s+it\s+all\s+back\.\nexit 1/);
  }, 60_000);
});

describe("somebody's own recipe", () => {
  const own = `
title: A bridge and nothing else
why: To see whether it works.
picture: br
asks:
  bridge: {type: bridge, ask: Which?, new: true, default: br-mine}
steps:
  - {do: bridge, name: $bridge, why: A switch.}
  - {do: up, link: $bridge, why: It is off at first.}
`;
  it('is found by its name below XDG_CONFIG_HOME, and shows its commands before it runs them', async () => {
    const { stdout } = await shell(`
      export XDG_CONFIG_HOME=/run/config; mkdir -p /run/config/netdoctor/recipes
      cat >/run/config/netdoctor/recipes/mine.yaml <<'END'${own}END
      netdoctor setup list | grep mine
      netdoctor setup lint /run/config/netdoctor/recipes/mine.yaml
      netdoctor setup mine --yes; echo "exit $?"; ip -br link show br-mine`);
    expect(stdout).toMatch(/mine +A bridge and nothing else/);
    expect(stdout).toMatch(/is a good recipe/);
    expect(stdout).toMatch(/ip link add br-mine type bridge.*✓ Make the bridge br-mine/s);
    expect(stdout).toMatch(/exit 0\nbr-mine/);
  }, 60_000);
});

it('makes the example of the page on recipes, and takes it back', async () => {
  const { stdout } = await shell(`
    links >/run/before
    recipe=${quote(join(import.meta.dirname, '../../docs/second-network.yaml'))}
    netdoctor setup --recipe $recipe --set container=db --set frames=jumbo --yes; echo "exit $?"
    netdoctor undo; links >/run/after; cmp /run/before /run/after && echo same`);
  expect(stdout).toMatch(/ip link set vethdb1 mtu 9000.*✓ Set the MTU of vethdb1 to 9000/s);
  expect(stdout).toMatch(/✓ db → 10\.20\.0\.1: answered\n✓ the host → 10\.20\.0\.2: answered/);
  expect(stdout).toMatch(/Whatever else joins br-backup needs an MTU of 9000 too\..*exit 0\n/s);
  expect(stdout).toMatch(/\nsame\n?$/);
}, 90_000);

/** Answers that cannot be, each with what is said of it. */
const wrong: readonly (readonly [string, string, RegExp])[] = [
  [
    'a subnet in use',
    'bridge-nat --set containers=new:red --set subnet=172.18.5.0/24',
    /172\.18\.5\.0\/24 is in use: .*br0/,
  ],
  ['no network at all', 'bridge-nat --set containers=new:red --set subnet=tomorrow', /no IPv4 network/],
  [
    'an address within a network',
    'bridge-nat --set containers=new:red --set subnet=10.1.2.3/24',
    /The network is 10\.1\.2\.0\/24/,
  ],
  ['a network without room', 'bridge-nat --set containers=new:red --set subnet=10.1.2.0/31', /too small/],
  [
    'a name that is too long',
    'bridge-nat --set containers=new:red --set bridge=br-that-is-too-long',
    /at most 15/,
  ],
  ['a name that is none', 'bridge-nat --set containers=new:red --set bridge=a/b', /cannot be the name/],
  ['a bridge that is none', 'bridge-nat --set containers=new:red --set bridge=eth0', /no bridge, it is veth/],
  [
    'a bridge that is not there',
    'attach-docker0 --set container=new:red --set bridge=docker7',
    /no bridge called docker7.*There is br0, br1/s,
  ],
  [
    'a container that is not there',
    'bridge-nat --set containers=nobody',
    /No container or namespace is called "nobody"/,
  ],
  ['a container named twice', 'bridge-nat --set containers=web,netns:web', /named twice/],
  ['too few containers', 'bridge-isolated --set containers=new:red', /at least 2 containers/],
  [
    'a device name that is taken',
    'bridge-nat --set containers=web --set device=eth0',
    /web has an interface called eth0 already.*Free is eth1/s,
  ],
  [
    'an address that is taken',
    'attach-docker0 --set container=new:red --set bridge=br0 --set addresses=172.18.0.3',
    /172\.18\.0\.3 is taken/,
  ],
  [
    "the gateway's address",
    'attach-docker0 --set container=new:red --set bridge=br0 --set addresses=172.18.0.1',
    /gateway's own/,
  ],
  [
    'an address of another network',
    'attach-docker0 --set container=new:red --set bridge=br0 --set addresses=10.9.9.9',
    /no address for a host of 172\.18/,
  ],
  [
    'the broadcast address',
    'attach-docker0 --set container=new:red --set bridge=br0 --set addresses=172.18.255.255',
    /no address for a host/,
  ],
  [
    'too many addresses',
    'attach-docker0 --set container=new:red --set bridge=br0 --set addresses=172.18.0.8,172.18.0.9',
    /1 containers? and 2 addresses/,
  ],
  [
    'an uplink that is not there',
    'bridge-nat --set containers=new:red --set uplink=wlan9',
    /no interface wlan9/,
  ],
  [
    'a port that is none',
    'publish-port --set container=web --set port=99999',
    /no number between 1 and 65535/,
  ],
  [
    "an address that is not the container's",
    'publish-port --set container=web --set address=172.18.0.77',
    /does not have the address/,
  ],
  ['a word that is no answer', 'routed --set containers=new:red --set how=magic', /Say route or proxy-arp/],
  [
    'a network that the container is not in',
    'default-route --set container=web --set way=eth7',
    /no network on eth7.*Choose eth0/s,
  ],
  ['an answer to no question', 'bridge-nat --set colour=red', /does not ask for "colour"/],
  ['no answer at all', 'bridge-nat --set colour', /NAME=VALUE/],
  ['a recipe that is not there', 'castle', /no recipe called "castle".*bridge-nat/s],
  ['a file that is not there', '--recipe /nowhere.yaml', /cannot be read/],
  [
    'a default route that is there',
    'attach-docker0 --set container=web --set bridge=br1',
    /has a route to default already/,
  ],
];

it('says what is wrong with an answer, and what would do', async () => {
  const script = wrong.map(
    ([, words], index) => `echo "== ${index}"; netdoctor setup ${words} --dry-run 2>&1; echo "exit $?"`,
  );
  const { stdout } = await shell(script.join('\n'));
  const parts = stdout.split(/^== \d+\n/m).slice(1);
  expect(parts).toHaveLength(wrong.length);
  for (const [index, [what, , words]] of wrong.entries()) {
    const said = parts[index]!.replace(/\s+/g, ' ');
    expect(said, what).toMatch(words);
    expect(said, what).toMatch(/exit [23] ?$/);
    expect(said, what).not.toMatch(/netdoctor itself failed/);
  }
}, 180_000);

it('says so where the host has no uplink', async () => {
  const { stdout } = await shell(
    'ip route del default; netdoctor setup bridge-nat --set containers=new:red --yes 2>&1; echo "exit $?"',
  );
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /uplink: .*no default route, so its uplink is not known.*exit 2/,
  );
}, 60_000);
