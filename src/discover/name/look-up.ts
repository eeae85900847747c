/** A name looked up as the target's own programs would, and everything that can be told about it. */
import { type Clock, within } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import type { Family } from '../../model/flow.ts';
import type { Asked, Library, LookUp, NameQuestion, Outcome, Unasked } from '../../model/look-up.ts';
import type { Stack } from '../../model/stack.ts';
import type { Target } from '../../model/target.ts';
import { typesOf } from '../../resolver/ask.ts';
import { serversBeyond } from '../../resolver/configuration.ts';
import { configurationOf, lookUp, type Setting } from '../../resolver/look-up.ts';
import { mostTelling } from '../../resolver/story.ts';
import { Asker, type AskerOptions } from './ask.ts';
import { capturedBy } from './captured.ts';
import { elsewhereOf } from './elsewhere.ts';
import { type EtcFile, etcFile } from './files.ts';
import { libraryOf } from './library.ts';
import { inOtherShapes } from './shapes.ts';
import { sourceIn } from './source.ts';
import { standInOf } from './stand-in.ts';

export interface NameAsked {
  readonly machine: Machine;
  readonly target: Target;
  readonly from: 'container' | 'host';
  readonly name: string;
  readonly families: readonly Family[];
  /** The network of the one who asks. */
  readonly stack: Stack;
  /** How long one question is waited for. Milliseconds. */
  readonly patience: number;
  /** Ask this server alone, instead of those of resolv.conf, and the name as it is. */
  readonly server?: { readonly address: string; readonly port: number } | undefined;
  /** Asked only to see whether the servers answer. */
  readonly sample?: boolean;
  /** When it aborts, what has not been answered counts as silent. */
  readonly signal?: AbortSignal | undefined;
}

export interface Begun {
  /** As soon as one library has any, in its order; empty where none will. */
  readonly addresses: Promise<readonly string[]>;
  /** All of it: what is slower comes beside the flow that is looked at meanwhile. Never rejects. */
  readonly story: Promise<LookUp>;
}

/** How long the other library may lag behind the first. Milliseconds. */
const LAG = 40;

export function beginLookUp(asked: NameAsked): Begun {
  const { machine, target, from, name, stack, server, patience } = asked;
  const read = (file: EtcFile) => etcFile(machine, target, from, file);
  const files = [read('resolv.conf'), read('hosts'), read('nsswitch.conf')] as const;
  const environment = environmentOf(asked);
  const setting: Setting = {
    files: {
      resolvConf: server ? alone(server.address, files[0].text) : files[0].text,
      hosts: server ? undefined : files[1].text,
      nsswitch: server ? 'hosts: dns\n' : files[2].text,
    },
    families: asked.families,
    sourceOf: sourceIn(stack),
    ...(server ? {} : environment),
  };
  const library = libraryOf(machine, target, from);
  const configuration = configurationOf('glibc', setting);
  // Whoever writes this option has programs that read it: musl does not.
  const likely = library ?? (configuration.singleRequestReopen ? 'glibc' : null);
  const libraries: readonly Library[] = likely ? [likely] : ['glibc', 'musl'];
  const apart = likely === 'glibc' && configuration.singleRequestReopen;
  const options: AskerOptions = {
    apart,
    netns: from === 'container' ? target.netns : null,
    patience,
    signal: asked.signal,
    ...(server ? { port: server.port } : {}),
    interfaceNumber: (zone) => stack.links.find((link) => link.name === zone)?.ifindex,
  };
  const asker = new Asker(machine, options);
  const exact = server && !name.endsWith('.') ? `${name}.` : name;
  const outcomes = libraries.map((one) => lookUp(one, exact, setting, asker.ask));
  const story = finish();
  return { addresses: firstOf(machine, outcomes), story };

  async function finish(): Promise<LookUp> {
    try {
      const done = await Promise.all(outcomes);
      const good = done.find(({ error }) => error === null);
      const whole = good?.asked ?? exact.replace(/\.$/, '');
      const [captured, control, rotates, elsewhere, unasked, otherwise] = await Promise.all([
        capturedBy(asker, name, done, configuration.servers),
        good ? null : controlOf(asker.asked()),
        isRotated(asker),
        good || from === 'host' || asked.sample
          ? []
          : elsewhereOf(asked, asker.asked(), configuration.servers),
        unaskedOf(good !== undefined, whole),
        otherLibraries(),
        // Of a name that a file knows the servers are asked beside it, and not waited for.
        good && !good.asked ? within(machine, CONTROL, others(whole)) : others(whole),
      ]);
      const shapes = await inOtherShapes(machine, options, asker.asked());
      return {
        name,
        sample: asked.sample === true,
        from,
        library,
        bare: from === 'container' && target.pid === null,
        files,
        servers: configuration.servers,
        search: configuration.search,
        ndots: configuration.ndots,
        outcomes: done,
        others: otherwise,
        asked: asker.asked(),
        standIns: configuration.servers.flatMap(
          (one) => standInOf(machine, target, one, files[0].text) ?? [],
        ),
        captured,
        control,
        rotates,
        elsewhere,
        unasked,
        shapes,
      };
    } finally {
      asker.close();
    }
  }

  /** What the library would make of it that the target does not have, as far as it can be told at once. */
  async function otherLibraries(): Promise<Outcome[]> {
    // What one library was told, asking apart, would not come to another that asks at once.
    if (likely === null || apart || server || asked.sample) return [];
    const other = likely === 'glibc' ? 'musl' : 'glibc';
    const told = await within(machine, CONTROL, lookUp(other, exact, setting, asker.ask));
    return told ? [told] : [];
  }

  /** What the servers say that were not asked, because one before them knew. */
  async function others(whole: string): Promise<void> {
    const questions = configuration.servers.flatMap((one) =>
      typesOf(asked.families).map(
        (type): NameQuestion => ({ server: one, name: whole, type, transport: 'udp' }),
      ),
    );
    await Promise.all(questions.map(asker.ask));
  }

  /** A server that nobody asks matters where those that are asked have nothing. */
  async function unaskedOf(isGood: boolean, whole: string): Promise<Unasked[]> {
    const servers = server ? [] : serversBeyond(files[0].text ?? '');
    return Promise.all(
      servers.map(async (one) => {
        if (isGood) return { server: one, answers: null };
        const question: NameQuestion = { server: one, name: whole, type: 'A', transport: 'udp' };
        const reply = await asker.askAgain(question);
        return { server: one, answers: reply.kind === 'answer' && reply.addresses.length > 0 };
      }),
    );
  }

  /** A refusal, asked again by the host itself. */
  async function controlOf(all: readonly Asked[]): Promise<Asked | null> {
    if (from === 'host' || asked.sample) return null;
    const refusal = mostTelling(all);
    if (!refusal) return null;
    const host = new Asker(machine, {
      netns: null,
      patience: Math.min(patience, CONTROL),
      ...(server ? { port: server.port } : {}),
      interfaceNumber: () => undefined,
    });
    try {
      const { server: address, name: whole, type, transport } = refusal;
      const question: NameQuestion = { server: address, name: whole, type, transport };
      return { ...question, reply: await host.ask(question) };
    } finally {
      host.close();
    }
  }
}

/** One server in place of those of a resolv.conf, whose options stay: they say how it is asked. */
const alone = (server: string, text = ''): string =>
  [`nameserver ${server}`, ...text.split('\n').filter((line) => /^options\s/.test(line)), ''].join('\n');

/** Does a server that has several addresses of one family give another one first when it is asked again? */
async function isRotated(asker: Asker): Promise<boolean> {
  const several = asker
    .asked()
    .find(
      ({ reply, transport }) => transport === 'udp' && reply.kind === 'answer' && reply.addresses.length > 1,
    );
  if (several?.reply.kind !== 'answer') return false;
  const { reply: first, ...question } = several;
  for (let again = 0; again < 2; again++) {
    const reply = await asker.askAgain(question);
    if (reply.kind === 'answer' && reply.addresses[0] !== first.addresses[0]) return true;
  }
  return false;
}

/** How long the host's own question is waited for. Milliseconds. */
const CONTROL = 300;

/** What LOCALDOMAIN, RES_OPTIONS and the host's name add for glibc; of the first process, as others inherit it. */
function environmentOf({ machine, target, from }: NameAsked): Partial<Setting> {
  if (from === 'host' || target.pid === null) return {};
  const environ = machine.read(`/proc/${target.pid}/environ`);
  const variable = (name: string): string | undefined =>
    environ.known
      ? environ.value
          .split('\0')
          .find((one) => one.startsWith(`${name}=`))
          ?.slice(name.length + 1)
      : undefined;
  const hostName = machine.readForeign(`/proc/${target.pid}/root/etc/hostname`);
  return {
    localDomain: variable('LOCALDOMAIN'),
    options: variable('RES_OPTIONS'),
    hostName: hostName.known ? hostName.value.trim() : undefined,
  };
}

/** The addresses of the first library that has any, then those that only the other has, where it is not much later. */
async function firstOf(clock: Clock, outcomes: readonly Promise<Outcome>[]): Promise<readonly string[]> {
  const found: string[][] = [];
  const all = outcomes.map(async (one) => {
    const { addresses } = await one;
    if (addresses.length === 0) throw new Error('none');
    found.push([...addresses]);
  });
  try {
    await Promise.any(all);
  } catch {
    return [];
  }
  await within(clock, LAG, Promise.allSettled(all));
  return [...new Set(found.flat())];
}
