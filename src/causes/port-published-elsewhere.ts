import { lasting, listing, program, specOf } from '../fixes/rule.ts';
import { isLoopback } from '../kernel/arrival.ts';
import type { Rewrite } from '../kernel/nat-rules.ts';
import {
  asksHostPort,
  isAnywhere,
  keptOutBy,
  mappings,
  onHostPort,
  type Publishing,
  stranger,
  unserved,
} from '../kernel/publishing.ts';
import { asked } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { isHostAddress } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

interface Elsewhere {
  readonly address: string;
  readonly says: string;
  readonly rewrite: Rewrite | null;
}

/** For which address the port is published: told by a rule, by the runtime, or by the runtime's proxy. */
function elsewhere(scene: Publishing): Elsewhere | undefined {
  const rewrite = mappings(scene).find((one) => keptOutBy(scene, one, 'destination'));
  const named = rewrite && asked(rewrite.clauses, 'destination')?.values[0]?.replace(/\/(32|128)$/, '');
  if (rewrite && named) return { address: named, says: rewrite.rule.text, rewrite };
  const { flow, target } = scene;
  const isForAnother = (address: string): boolean => !isAnywhere(address) && address !== flow.address;
  const port = target.ports.find((one) => one.hostPort === flow.port && isForAnother(one.hostAddress));
  if (port)
    return {
      address: port.hostAddress,
      says: `${target.name} publishes ${port.hostAddress}:${port.hostPort}`,
      rewrite: null,
    };
  const proxy = onHostPort(scene).find(
    (one) =>
      /docker-proxy|rootlessport|conmon|pasta|slirp/.test(one.process ?? '') && isForAnother(one.address),
  );
  if (proxy)
    return {
      address: proxy.address,
      says: `${proxy.process} listens on ${proxy.address}:${proxy.port}`,
      rewrite: null,
    };
  return undefined;
}

/** The same rule without its address, beside it. */
function anywhere({ rule }: Rewrite): Fix[] {
  const spec = specOf(rule);
  const at = spec?.indexOf('-d') ?? -1;
  if (spec === null || at < 0) return [];
  const open = [...spec.slice(0, at), ...spec.slice(at + 2)];
  const tool = program(rule);
  return [
    {
      title: 'Publish the port on every address of this host',
      risk: 'disruptive',
      lasts: lasting(rule),
      affects: 'everybody who can reach this host can then reach that port of the container',
      apply: [run([tool, '-t', rule.table, '-A', rule.chain, ...open])],
      undo: [run([tool, '-t', rule.table, '-D', rule.chain, ...open])],
    },
  ];
}

export default cause({
  id: 'port-published-elsewhere',
  title: 'The port is published on another address',
  explain: `A published port may be bound to one address of the host: 127.0.0.1, so that only the host itself reaches it, or an
address that the host held when the container was made. Asked for by any other address, the host finds no rule for it and
refuses, although the container's port list shows the port.

It is on purpose with \`-p 127.0.0.1:8080:80\`, and an accident after a change of the host's address.

By hand: the runtime's port list (\`docker port NAME\`), \`iptables -t nat -S | grep DNAT\` for \`-d ADDRESS\`, and \`ip address\`.`,
  needs: ['firewall', 'listeners', 'ruleHits'],
  over: [
    'connection-refused',
    'port-not-published',
    'listener-on-loopback',
    'listener-wrong-family',
    'input-rule-drop',
    'no-reply-from-destination',
  ],
  examine(scene) {
    const answers = stranger(scene);
    if (!asksHostPort(scene) || !(answers || unserved(scene))) return null;
    const found = elsewhere(scene);
    if (!found) return null;
    const { address } = found;
    const kind = isLoopback(address)
      ? `${address} only`
      : isHostAddress(scene, address)
        ? `${address}, not on ${scene.flow.address}`
        : `${address}, an address this host does not have`;
    return {
      sure: 'proved',
      what: `port ${scene.flow.port} is published on ${kind}`,
      why: `The packets asked for ${scene.flow.address} port ${scene.flow.port}. What publishes it is for another address: ${found.says}.${answers ? ` ${answers.process ?? 'Another program of the host'} answers there, and not the container.` : ''}`,
      do: `Publish the port on ${scene.flow.address}, or on all addresses, or ask for ${address}.`,
      owner: found.rewrite?.rule.owner ?? null,
      fixes: found.rewrite ? anywhere(found.rewrite) : [],
      evidence: [
        found.rewrite
          ? fromState(found.says, listing(found.rewrite.rule))
          : fromState(found.says, ['ss', '-lntup']),
      ],
    };
  },
});
