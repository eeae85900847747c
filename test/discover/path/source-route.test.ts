/** What `ip route get` refuses without a source, and a socket does not. */
import { expect, test } from 'vitest';
import { sourceRoute } from '../../../src/discover/path/source-route.ts';
import { address, containerStack, link, route } from '../../causes/lab-state.ts';
import { fakeMachine } from '../fake-machine.ts';

const to = '2001:db8:f::1';
const REFUSED = { code: 2, stderr: 'RTNETLINK answers: Network is unreachable\n' };
const GET = `ip -j -d route get ${to}`;

function ask(answers: Record<string, string | object>, from: string | undefined, flags: string[] = []) {
  const { links, ...stack } = containerStack('a');
  const eth0 = link(2, 'eth0', 'veth', {
    addresses: [address('fd00:88::2/64', flags), address('fd00:88::9/64', ['deprecated'])],
  });
  const routes = [route('::/0', { dev: 'eth0', gateway: 'fd00:88::1', ...(from ? { from } : {}) })];
  const machine = fakeMachine({ run: answers as Record<string, string> });
  return sourceRoute(machine, { netns: null, stack: { ...stack, links: [links[0]!, eth0], routes } }, to);
}

test('the second question names the source that the socket is given', async () => {
  const answers = {
    [GET]: REFUSED,
    [`${GET} from fd00:88::2`]: `[{"dst":"${to}","gateway":"fd00:88::1","dev":"eth0","prefsrc":"fd00:88::2"}]`,
    [`${GET} from fd00:88::9`]: REFUSED,
  };
  const found = await ask(answers, 'fd00:88::/64');
  expect(found).toMatchObject({ route: { refusal: null, dev: 'eth0' }, address: 'fd00:88::2' });
  // What duplicate detection refused is no source; a deprecated one is, where there is no other.
  const other = await ask(answers, 'fd00:88::/64', ['tentative', 'dadfailed']);
  expect(other).toMatchObject({ route: { refusal: 'Network is unreachable' }, address: 'fd00:88::9' });
});

test('it is not asked where no route is for some sources only', async () => {
  const { route, address } = await ask({ [GET]: REFUSED }, undefined);
  expect([route.refusal, address]).toEqual(['Network is unreachable', null]);
});
