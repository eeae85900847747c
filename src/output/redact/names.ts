import { withoutPort } from '../../model/ends.ts';
import type { Event } from '../../model/event.ts';
import { watched } from '../../model/path.ts';

interface NameReplacer {
  /** Takes up the names that an event brings with it. */
  learn(event: Event): void;
  replace(text: string): string;
}

/** Words of a command line after which stands what somebody wrote into a rule. */
const BEFORE_COMMENT = /^(comment|prefix|--comment|--log-prefix|--nflog-prefix)$/;

/** Whether a word of a command is a comment of people's, from the word before it; nft's own comments are quoted. */
export const isComment = (word: string, before: unknown): boolean =>
  typeof before === 'string' &&
  BEFORE_COMMENT.test(before) &&
  (before.startsWith('--') || word.startsWith('"'));

/** Networks every engine has: they name nobody. */
const USUAL = new Set(['bridge', 'host', 'none', 'default', 'podman', 'ingress', 'docker_gwbridge']);

/** Interfaces that engines and kernels name by themselves. */
const USUAL_LINK =
  /^(lo|(eth|ens|enp|eno|enx|wl|wwan|veth|vnet|virbr|cni|podman|docker|lxcbr|lxdbr|incusbr|br-|tun|tap|wg|flannel|cilium|cali|up|cbr)[\w.@-]*)$/;

/** What people write into rules: `comment "…"` of nft, `--comment …` of iptables, prefixes of logs. */
const COMMENT =
  /((?:^|\s)(?:comment(?= ")|log prefix|--comment|--log-prefix|--nflog-prefix) )("(?:[^"\\]|\\.)*"|\S+)/g;

/** `web` becomes `container-1`, `shop_backend` `network-1`, `db.example.com` `name-1`, wherever they stand as words. */
export function nameReplacer(): NameReplacer {
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  let pattern: RegExp | undefined;
  const take = (name: string | null | undefined, kind: string): void => {
    if (!name || known.has(name) || USUAL.has(name) || /^\d+$/.test(name)) return;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    known.set(name, `${kind}-${number}`);
    // The longest first, so that `web` is not cut out of `web-2`.
    const words = [...known.keys()].sort((a, b) => b.length - a.length).map(literally);
    pattern = new RegExp(`(?<![\\w.-])(?:${words.join('|')})(?![\\w-])`, 'g');
  };
  /** `container db (also store)`, `task web.1.xyz of service web`, `service web (virtual address)`. */
  const takeBearer = (bearer: string): void => {
    const [, kind, name, service] =
      /^(container|task|service) (\S+)(?: of service (\S+))?/.exec(bearer) ?? [];
    take(name, kind === 'service' ? 'service' : 'container');
    take(service, 'service');
    for (const alias of / \(also ([^)]+)\)/.exec(bearer)?.[1]?.split(/, | and /) ?? []) take(alias, 'name');
  };
  const takeReplicas = (says: string): void => {
    const [, service, behind = ''] = / is service (\S+)’s virtual address, (.*)$/.exec(says) ?? [];
    take(service, 'service');
    for (const [, replica] of behind.matchAll(/(\S+) \([0-9a-f.:]+\)/gi)) take(replica, 'container');
  };
  return {
    learn(event) {
      if (event.type === 'target') {
        take(event.target.name, 'container');
        take(event.target.id, 'id');
        for (const network of event.target.networks) take(network.name, 'network');
      }
      if (event.type === 'path')
        for (const hop of watched(event.path))
          for (const name of [hop.name, hop.link.master])
            if (name && !USUAL_LINK.test(name)) take(name, 'interface');
      if (event.type === 'flow') {
        const { to, address, question, source } = event.flow;
        take(source?.replace(/^\w+:/, ''), 'container');
        const named = /^container:(?:\w+:)?(.+?)(?::\d+)?$/.exec(to)?.[1];
        if (named) take(named, 'container');
        else if (/[a-z]/i.test(to) && to !== address) take(nameOf(to), 'name');
        take(question, 'name');
      }
      if (event.type === 'diagnosis') {
        for (const { bearer } of event.diagnosis.addresses ?? []) takeBearer(bearer ?? '');
        for (const { says } of event.diagnosis.evidence) takeReplicas(says);
        for (const { what } of event.diagnosis.unknown)
          take(/ the proxy (?:\w+:\/\/)?(?:\*+@)?([a-z][\w.-]*)/i.exec(what)?.[1], 'name');
      }
    },
    replace(text) {
      const bare = text.replace(COMMENT, (_, word: string) => `${word}"a comment"`);
      return pattern ? bare.replace(pattern, (name) => known.get(name) ?? name) : bare;
    },
  };
}

/** The host of `db.example.com:443`; null for an address and for the words that are no names. */
function nameOf(to: string): string | null {
  const host = withoutPort(to);
  return host.includes(':') || host.startsWith('[') || host === 'host' || host === 'gateway' ? null : host;
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
