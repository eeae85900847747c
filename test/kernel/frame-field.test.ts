import { describe, expect, it } from 'vitest';
import { clausesOf, fits, type Packet } from '../../src/kernel/rule-clauses.ts';
import { nft } from '../causes/rules-of.ts';

const MAC = '02420a5800a3';
/** 10.88.0.3 is at 02:42:0a:58:00:a3, to 10.88.0.2. */
const REPLY = `02420a5800a2${MAC}0806${'00010800060400020'.slice(0, 16)}${MAC}0a58000302420a5800a20a580002`;
/** The same of fd00:88::3, with its own MAC address as the target's: RFC 4861, 4.4. */
const ADVERTISEMENT = `02420a5800a2${MAC}86dd6000000000203aff${'fd000088'.padEnd(31, '0')}3${'fd000088'.padEnd(31, '0')}288001234${'60000000'}${'fd000088'.padEnd(31, '0')}30201${MAC}`;

const common = {
  in: 'vethb',
  out: 'vetha',
  bridge: 'br0',
  sourcePort: null,
  destinationPort: null,
  isLocal: () => false,
};
const reply: Packet = {
  ...common,
  source: '10.88.0.3',
  destination: '10.88.0.2',
  proto: 'arp',
  frame: Buffer.from(REPLY, 'hex'),
};
const advertisement: Packet = {
  ...common,
  source: 'fd00:88::3',
  destination: 'fd00:88::2',
  proto: 'icmp',
  icmpType: 136,
  frame: Buffer.from(ADVERTISEMENT, 'hex'),
};

const takes = (text: string, packet: Packet) => fits(clausesOf(nft(text, { family: 'bridge' })), packet);

describe('what a rule of the bridge asks of a frame', () => {
  it('is compared with an answer to ARP', () => {
    const asked: [string, boolean | null][] = [
      ['iifname "vethb" ether saddr != 02:42:0a:58:00:a3 drop', false],
      ['iifname "vethb" ether saddr != 02:42:0a:58:00:b3 drop', true],
      ['iifname "vetha" ether saddr != 02:42:0a:58:00:b3 drop', false],
      ['oifname "vetha" ether daddr 02:42:0a:58:00:a2 drop', true],
      ['arp saddr ether != 02:42:0a:58:00:a3 drop', false],
      ['arp saddr ip != { 10.88.0.3, 10.88.0.7 } drop', false],
      ['arp saddr ip 10.88.0.0/24 drop', true],
      ['arp saddr ip 10.88.0.4-10.88.0.9 drop', false],
      ['arp daddr ip 10.88.0.2 drop', true],
      ['arp operation reply drop', true],
      ['arp operation { request } drop', false],
      ['arp htype 1 arp ptype ip drop', true],
      ['ether type arp drop', true],
      ['ether type != { ip, arp, ip6 } drop', false],
      ['meta protocol { ip, ip6 } drop', false],
      ['ether saddr & ff:ff:ff:00:00:00 == 02:42:0a:00:00:00 drop', true],
      ['ether saddr { 02:42:00:00:00:00-02:42:ff:ff:ff:ff } drop', true],
      ['meta ibrname "br0" meta obrname "br1" drop', false],
      // What has another protocol first is passed over, whatever is asked behind it.
      ['ip saddr != 10.88.0.3 drop', false],
      ['ip ttl 5 drop', false],
      ['tcp flags syn drop', false],
      ['icmpv6 type nd-neighbor-advert @nh,528,48 != 0x1 drop', false],
      ['vlan id 5 drop', false],
      // No frame tells what is in a set, or to whom it is for the link.
      ['ether saddr @strangers drop', null],
      ['iifname "vetha" ether saddr @strangers drop', false],
      ['meta pkttype broadcast drop', null],
      ['ether saddr . arp saddr ip { 02:42:0a:58:00:a3 . 10.88.0.3 } drop', null],
      ['ether saddr . ip saddr { 02:42:0a:58:00:a3 . 10.88.0.3 } drop', false],
      // ARP is part of no connection.
      ['ct state established,related accept', false],
      ['ct state invalid drop', true],
    ];
    expect(asked.map(([text]) => [text, takes(text, reply)])).toEqual(asked);
  });

  it('is compared with a neighbour advertisement, to the bits that are named raw', () => {
    const asked: [string, boolean | null][] = [
      ['icmpv6 type nd-neighbor-advert @nh,528,48 != 0x2420a5800a3 drop', false],
      ['icmpv6 type nd-neighbor-advert @nh,528,48 != 2482664636579 drop', false],
      ['icmpv6 type nd-neighbor-advert @nh,528,48 != 0x2420a5800ff drop', true],
      ['icmpv6 type nd-neighbor-advert @nh,384,128 != 0xfd000088000000000000000000000003 drop', false],
      ['icmpv6 type 136 icmpv6 taddr fd00:88::4 drop', false],
      ['icmpv6 type nd-router-advert drop', false],
      ['ip6 saddr != fd00:88::3 drop', false],
      ['ip6 saddr != { fd00:88::/64 } drop', false],
      ['ip6 hoplimit 255 drop', true],
      ['@th,0,8 0x88 drop', true],
      ['meta l4proto ipv6-icmp accept', true],
      ['arp saddr ether != 02:42:0a:58:00:b3 drop', false],
      ['ip saddr != 10.88.0.3 drop', false],
      ['ct state new drop', false],
      ['ct state untracked accept', null],
      // Behind the end of what was captured.
      ['@nh,8000,8 0x1 drop', null],
    ];
    expect(asked.map(([text]) => [text, takes(text, advertisement)])).toEqual(asked);
  });

  it('stays unread in tables of other families', () => {
    expect(fits(clausesOf(nft('ether saddr 02:42:0a:58:00:a3 drop', { family: 'inet' })), reply)).toBeNull();
  });
});
