/** What every file of src/causes promises, asked of each. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Cause, Claim } from '../../src/model/cause.ts';
import type { Need } from '../../src/model/facts.ts';
import { plain } from '../../src/words/text.ts';
import { blind, healthy, type Lab, lostAt, refusedToSend, silent, type Way } from './scene.ts';
import { VOCABULARY } from './vocabulary.ts';

const folder = new URL('../../src/causes/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const modules = await Promise.all(
  files.map((file) => import(new URL(file, folder).href) as Promise<{ default: Cause | Cause[] }>),
);
const causes = modules.flatMap((module) => module.default);

const NEEDS: Record<Need, true> = {
  sysctls: true,
  firewall: true,
  conntrack: true,
  traffic: true,
  listeners: true,
  fdb: true,
  vlans: true,
  connected: true,
  farTunnels: true,
  xfrm: true,
  wireguard: true,
  virtualServices: true,
  cgroup: true,
  resolver: true,
  process: true,
  members: true,
  residents: true,
  ruleHits: true,
  replyRoute: true,
  modules: true,
  sockets: true,
  multicast: true,
  lookUp: true,
  tcpBeside: true,
  answeredAsItself: true,
  openFiles: true,
  endingChain: true,
  leaseClient: true,
};

/** Every stage of every way in both directions and families, with nothing in the state that explains the loss. */
function unexplained(): { name: string; lab: Lab }[] {
  const ways: Way[] = ['outside', 'sibling', 'network', 'to-host', 'from-host', 'from-outside'];
  return ways.flatMap((way) =>
    ([4, 6] as const).flatMap((family) =>
      healthy(way, family).path.stages.flatMap((stage, index) =>
        (['request', 'reply'] as const).map((direction) => ({
          name: `${way} v${family}: ${direction} lost at ${stage}`,
          lab: lostAt(healthy(way, family), index, direction),
        })),
      ),
    ),
  );
}

/** Every text a claim shows. */
const textsOf = (claim: Claim): string[] => [claim.what, claim.why, claim.do, claim.owner ?? ''];

it('names each cause once', () => {
  const ids = causes.map((one) => one.id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

it('never goes in a circle of precedence', () => {
  const forms = (of: Cause, id: string): string[] =>
    causes
      .filter((form) => form.formOf === id && of.formOf !== id && !form.over?.includes(of.id))
      .map((form) => form.id);
  const over = new Map(
    causes.map((one) => [
      one.id,
      (one.over ?? []).flatMap((id) => [id, ...forms(one, id)]).filter((id) => id !== one.id),
    ]),
  );
  const circles = (id: string, seen: readonly string[]): string[] =>
    seen.includes(id)
      ? [[...seen.slice(seen.indexOf(id)), id].join(' > ')]
      : (over.get(id) ?? []).flatMap((next) => circles(next, [...seen, id]));
  expect(causes.flatMap((one) => circles(one.id, [])).slice(0, 3)).toEqual([]);
});

/** Causes that neither look at what the kernel told nor say which drops they bring about, and why they need not. */
const OF_NO_DROP: Readonly<Record<string, string>> = {
  'after-handshake.ts': 'what a program says over a connection that stands',
  'conntrack-helper-missing.ts': 'an unexpected flow may meet any rule',
  'conntrack-stale.ts': 'an old entry leads anywhere, and whatever is there may end it',
  'container-no-interface.ts': 'nothing is sent',
  'dns-answer-refused.ts': 'the answer was read',
  'dns-config-missing.ts': 'nothing is sent',
  'dns-embedded-broken.ts': 'its rules are in the container, and led anywhere',
  'dns-libraries-differ.ts': 'the answers were read',
  'dns-not-asked.ts': 'nothing is sent',
  'dns-search-captures.ts': 'the answer was read',
  'dns-tcp-blocked.ts': 'what blocks it is not said',
  'host-network-mode.ts': 'nothing of its packets is said',
  'kernel-modules-missing.ts': 'nothing is sent',
  'long-packets-dropped.ts': 'no long packet was sent',
  'long-transfers-dropped.ts': 'its packets are those of a program',
  'port-not-published.ts': 'what is not published may be closed by a rule as well',
  'port-published-elsewhere.ts': 'what is published elsewhere may be closed by a rule as well',
  'program-out-of-files.ts': 'nothing of its packets is said',
  'proxy-backend-silent.ts': 'it was seen at the sockets of the proxy',
  'proxy-environment.ts': 'nothing of its packets is said',
  'published-port-unreachable-from-bridge.ts': 'a runtime forbids it by a rule, or a bridge by its ports',
  'reply-source-wrong.ts': 'an answer nobody expects may meet any rule',
  'send-refused.ts': 'its own socket was refused, and told why',
  'tls-not-spoken.ts': 'what a program says over a connection that stands',
  'window-scale-stripped.ts': 'nothing is dropped',
};

it('looks at what the kernel told, or says which drops it brings about', () => {
  const silent = files.filter((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return !/explains:|kernel\/drops\.ts'|endingHit|ofSockets: true/.test(text);
  });
  expect(silent.toSorted()).toEqual(Object.keys(OF_NO_DROP).toSorted());
});

describe.each(causes.map((one) => [one.id, one] as const))('%s', (id, one) => {
  it('has an id of the vocabulary', () => {
    expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(VOCABULARY).toContain(id);
  });

  it('is told in plain words', () => {
    expect(one.title).toMatch(/^[A-Z`\d].*[^.]$/);
    expect(one.title.length).toBeLessThan(90);
    const paragraphs = one.explain.split('\n\n');
    expect(paragraphs.length).toBeGreaterThanOrEqual(2);
    expect(paragraphs.length).toBeLessThanOrEqual(4);
    expect(one.explain.length).toBeGreaterThan(200);
    expect(one.explain.length).toBeLessThan(2000);
    expect(one.explain).toBe(one.explain.trim());
  });

  it('gives way to, and precedes, only what exists', () => {
    if (one.formOf !== undefined) expect(VOCABULARY).toContain(one.formOf);
    for (const other of one.over ?? []) {
      expect(VOCABULARY).toContain(other);
      expect(other).not.toBe(id);
      expect(causes.find((cause) => cause.id === other)?.over ?? []).not.toContain(id);
    }
  });

  it('needs only facts that exist, each once', () => {
    for (const need of one.needs) expect(NEEDS).toHaveProperty(need);
    expect(new Set(one.needs).size).toBe(one.needs.length);
  });

  it('claims nothing when all is well', () => {
    for (const way of ['outside', 'sibling', 'network', 'to-host', 'from-host', 'from-outside'] as const)
      for (const family of [4, 6] as const)
        expect(one.examine(healthy(way, family)), `${way} ${family}`).toBeNull();
  });

  it('keeps the form of a claim wherever packets stop', () => {
    const cases = unexplained();
    for (const way of ['outside', 'sibling', 'network'] as const) {
      cases.push({ name: `${way}: silence`, lab: silent(healthy(way)) });
      cases.push({ name: `${way}: not sent`, lab: refusedToSend(healthy(way), 'EPERM') });
    }
    for (const { name, lab } of cases) {
      const claim = one.examine(blind(lab));
      if (claim === null) continue;
      expect(['proved', 'supported'], name).toContain(claim.sure);
      expect(claim.what, name).toMatch(/[^.]$/);
      expect(claim.why, name).toMatch(/\.$/);
      expect(claim.do, name).toMatch(/\.$/);
      for (const text of textsOf(claim)) expect(plain(text), name).toBe(text);
      for (const fix of claim.fixes ?? []) {
        expect(fix.apply.length, name).toBeGreaterThan(0);
        expect(fix.undo.length, name).toBeGreaterThan(0);
      }
    }
  });
});
