import { expect, test } from 'vitest';
import { healthy } from '../../causes/scene.ts';
import { recording } from '../fake-machine.ts';
import { gathered, value } from './gathered.ts';

const container = healthy().target.netns.path;
const inside = (line: string) => `nsenter --net=${container} ${line}`;

test('rules stand on the side they belong to', async () => {
  const firewall = await value('firewall', healthy(), {
    run: {
      'nft -a list chains': 'table ip filter {\n\tchain FORWARD { # handle 1\n\t}\n}\n',
      'iptables-nft-save -c': recording('rules/iptables-save.txt'),
      [inside('nft -a list chains')]: '',
    },
  });
  expect(firewall.container).toEqual([]);
  expect(firewall.host.map((rule) => rule.text)).toContain('-A FORWARD -i br0 -j ACCEPT');
});

test('a firewall that cannot be listed on one side is not known', async () => {
  const { answer } = await gathered('firewall', healthy(), {
    run: {
      'nft -a list chains': '',
      [inside('nft -a list chains')]: { code: 1, stderr: 'Operation not permitted (you must be root)\n' },
    },
  });
  expect(answer).toMatchObject({ known: false, because: 'no-permission' });
});
