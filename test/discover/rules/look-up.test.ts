import { expect, test } from 'vitest';
import { ruleLookUp } from '../../../src/discover/rules/look-up.ts';
import { fakeMachine, recording } from '../fake-machine.ts';

const NFT_FORWARD = 'nft -a list chain ip filter FORWARD';
const S_FORWARD = 'iptables-nft -t filter -S FORWARD';
const forward = { family: 2, table: 'filter', chain: 'FORWARD' };

const forwardMachine = () =>
  fakeMachine({
    run: {
      [NFT_FORWARD]: recording('rules/nft-chain-forward.txt'),
      [S_FORWARD]: recording('rules/iptables-S-forward.txt'),
    },
  });

test('a handle of an iptables chain leads to the line and number of iptables', async () => {
  const find = ruleLookUp(forwardMachine());
  expect(await find(null, { ...forward, handle: 6 })).toMatchObject({
    engine: 'iptables-nft',
    number: 3,
    handle: 6,
    hook: 'forward',
    text: '-A FORWARD -p tcp -m multiport --dports 80,443 -g DOCKER-USER',
  });
  expect(await find(null, { ...forward, handle: null })).toMatchObject({
    number: null,
    text: '-P FORWARD DROP',
    verdict: 'drop',
  });
  expect(await find(null, { ...forward, handle: 3 })).toMatchObject({ owner: 'docker' });
});

test('a chain is read once, and again for a handle that was not there', async () => {
  const machine = forwardMachine();
  const find = ruleLookUp(machine);
  await find(null, { ...forward, handle: 6 });
  await find(null, { ...forward, handle: 7 });
  expect(machine.asked).toEqual([NFT_FORWARD, S_FORWARD]);
  expect(await find(null, { ...forward, handle: 99 })).toBeUndefined();
  expect(machine.asked).toHaveLength(4);
});

test('where iptables leaves a rule out, the words are those of nft', async () => {
  const machine = fakeMachine({
    run: {
      [NFT_FORWARD]: recording('rules/nft-chain-forward.txt'),
      [S_FORWARD]: '-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n',
    },
  });
  expect(await ruleLookUp(machine)(null, { ...forward, handle: 7 })).toMatchObject({
    engine: 'nft',
    number: 4,
    text: 'iifname "br0" counter packets 0 bytes 0 accept',
  });
});

test('a plain iptables-save of the legacy variant is not taken for these rules', async () => {
  const machine = fakeMachine({
    run: {
      [NFT_FORWARD]: recording('rules/nft-chain-forward.txt'),
      'iptables-save -t filter': recording('rules/iptables-legacy-save.txt'),
    },
  });
  expect(await ruleLookUp(machine)(null, { ...forward, handle: 3 })).toMatchObject({
    engine: 'nft',
    number: 1,
  });
});

test('rules of the bridge family come in the words of ebtables', async () => {
  const machine = fakeMachine({
    run: {
      'nft -a list chain bridge filter FORWARD':
        'table bridge filter {\n\tchain FORWARD { # handle 1\n\t\ttype filter hook forward priority filter; policy accept;\n\t\tiifname "va" drop # handle 2\n\t}\n}\n',
      'ebtables-nft-save': recording('rules/ebtables-save.txt'),
    },
  });
  expect(
    await ruleLookUp(machine)(null, { family: 7, table: 'filter', chain: 'FORWARD', handle: 2 }),
  ).toMatchObject({ engine: 'ebtables', text: '-A FORWARD -d 02:00:00:00:00:01 -i va -j DROP' });
});

test('native tables are asked of nft alone, inside the namespace', async () => {
  const netns = { inode: 7, path: '/run/netns/x' };
  const machine = fakeMachine({
    run: { 'nft -a list chain inet guard fw': recording('rules/nft-ruleset.txt') },
  });
  const named = { family: 1, table: 'guard', chain: 'fw', handle: 7 };
  expect(await ruleLookUp(machine)(netns, named)).toMatchObject({ engine: 'nft', handle: 7, number: 2 });
  expect(machine.asked).toEqual([`nsenter --net=${netns.path} nft -a list chain inet guard fw`]);
});
