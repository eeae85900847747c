import { expect, it } from 'vitest';
import { faultNamed } from '../../src/demo/catalogue.ts';
import type { Question } from '../../src/demo/fault.ts';
import { refuseHarmless } from '../../src/demo/harmless.ts';
import type { DemoNetwork } from '../../src/demo/network.ts';
import type { Machine } from '../../src/host/machine.ts';
import { known } from '../../src/model/answer.ts';

const guest = (name: string, address: string) => ({ name, address, netns: { inode: 7, path: `/${name}` } });
const net = {
  container: guest('red', '10.0.0.2'),
  neighbour: guest('blue', '10.0.0.3'),
  stranger: guest('mail', '172.19.0.2'),
  segment: { gateway: '10.0.0.1' },
} as DemoNetwork;

/** What is pinged, on a machine where pings are answered or not; and what is said of it. */
async function tried(question: Partial<Question>, answered = true, id = 'ip-forward-off') {
  const pinged: string[] = [];
  const machine = {
    async run({ argv }) {
      pinged.push(argv.at(-1)!);
      return known({ stdout: '', stderr: '', code: answered ? 0 : 1 }, [argv[0]]);
    },
  } as Partial<Machine> as Machine;
  const asked = { target: 'netns:red', to: '198.51.100.1', ...question };
  const said = await refuseHarmless(machine, faultNamed(id), asked, net).catch((failure) => failure.problem);
  return { pinged, said };
}

it('refuses a break that the packets never meet', async () => {
  const { said } = await tried({});
  expect(said).toMatchObject({
    exit: 2,
    message: 'ip-forward-off does no harm to this network: red reaches 198.51.100.1 all the same.',
    hint: 'netdoctor demo ip-forward-off shows it on a network that it harms.',
  });
});

it('lets one be that harms', async () => {
  expect((await tried({}, false)).said).toBeUndefined();
});

it.each([
  ['the gateway', { to: 'gateway' }, ['10.0.0.1']],
  ['a neighbour by its name', { to: 'container:netns:blue' }, ['10.0.0.3']],
  ['a container of another network', { to: 'container:netns:mail' }, ['172.19.0.2']],
  ['nobody for a port, which a ping does not ask', { to: '198.51.100.1:80' }, []],
  ['nobody for another protocol', { proto: 'dns' }, []],
  ['nobody from the host', { from: 'host' }, []],
] as const)('asks %s', async (_, question, pinged) => {
  expect((await tried(question, false)).pinged).toEqual(pinged);
});

it('does not ask small packets about a fault of big ones', async () => {
  expect(await tried({}, true, 'mtu-black-hole')).toEqual({ pinged: [], said: undefined });
});
