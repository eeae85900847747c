import { expect, test } from 'vitest';
import { iptablesVerdict, nftVerdict } from '../../../src/discover/rules/verdict.ts';

test.each([
  ['-A FORWARD -j DROP', 'drop'],
  ['-A FORWARD -p tcp -j REJECT --reject-with tcp-reset', 'reject'],
  ['-A FORWARD -j DOCKER-USER', 'jump DOCKER-USER'],
  ['-A FORWARD -g ELSEWHERE', 'goto ELSEWHERE'],
  ['-A FORWARD -s 10.0.0.1/32', 'continue'],
  ['-A FORWARD -j NFQUEUE --queue-num 5', 'queue'],
  ['-A PREROUTING -d 10.7.7.7/32 -j CT --notrack', 'notrack'],
  ['-A POSTROUTING -s 10.88.0.0/24 ! -o br0 -j MASQUERADE', 'masquerade'],
  ['-A PREROUTING -p tcp -j DNAT --to-destination 10.88.0.2:80', 'dnat'],
  ['-A FORWARD -j LOG --log-prefix "x -j DROP "', 'log'],
  ['-A FORWARD -m comment --comment "never -j DROP" -j ACCEPT', 'accept'],
  ['-A FORWARD -m comment --comment "say \\"-j DROP\\"" -j RETURN', 'return'],
  ['-A FORWARD -j LOGDROP', 'jump LOGDROP'],
  ['-A INPUT -j DROP -s 10.9.9.9', 'drop'],
  ['-A FORWARD -j LOG --log-prefix "x -j DROP"', 'log'],
  ['-A FORWARD -s 10.0.0.1/32 -j ACCEPT', 'accept'],
])('iptables: %s', (line, verdict) => {
  expect(iptablesVerdict(line)).toBe(verdict);
});

test.each([
  ['ip saddr 10.0.0.1 drop', 'drop'],
  ['drop', 'drop'],
  ['ip saddr @bad counter packets 0 bytes 0 drop comment "a  b { x"', 'drop'],
  ['ct status dnat accept', 'accept'],
  ['ct status dnat counter packets 1 bytes 2', 'continue'],
  ['tcp dport { 81, 82 } reject with icmpx admin-prohibited', 'reject'],
  ['reject with tcp reset', 'reject'],
  ['meta l4proto vmap { tcp : jump other, udp : drop }', 'vmap'],
  ['iifname vmap @zones', 'vmap'],
  ['counter packets 0 bytes 0 jump DOCKER-USER', 'jump DOCKER-USER'],
  ['iifname "drop" goto x', 'goto x'],
  ['log prefix "x drop"', 'continue'],
  ['meta mark set 0x1', 'continue'],
  ['iifname "up0" tcp dport 8081 dnat ip to 10.88.0.3:80', 'dnat'],
  ['oifname "up0" snat to 192.0.2.7', 'snat'],
  ['oifname "up0" masquerade fully-random', 'masquerade'],
  ['queue flags bypass to 5', 'queue'],
  ['queue num 5 bypass', 'queue'],
  ['ip daddr 10.7.7.7 notrack', 'notrack'],
])('nft: %s', (rule, verdict) => {
  expect(nftVerdict(rule)).toBe(verdict);
});
