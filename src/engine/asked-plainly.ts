/**
 * A probe to a name server is padded by EDNS, to be told from all other packets. Where its library asks without, and is
 * answered, the server's silence is about the padding: it is asked once more as the library asks.
 */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import { takesPlainAlone } from '../resolver/shapes.ts';
import { serverOf } from '../resolver/words.ts';

const SILENT = new Set(['dns-resolver-silent', 'no-reply-from-destination']);

export const deafToEdns = ({ address }: Pick<Flow, 'address'>): Unknown => ({
  what: `questions with EDNS to ${address}`,
  because:
    'they are not answered there, and those without it are: programs whose resolver always puts an OPT record into them (Go’s own, systemd-resolved, dig) get no answer',
});

/** The flow without EDNS; undefined where nothing speaks for it. */
export async function askedPlainly(
  flow: Flow,
  { status, cause }: Pick<Diagnosis, 'status' | 'cause'>,
  story: Promise<LookUp> | undefined,
): Promise<Flow | undefined> {
  if (flow.proto !== 'dns' || flow.plain || status !== 'fault' || !SILENT.has(cause ?? '')) return undefined;
  const told = await story;
  const server = told && serverOf(told, flow);
  return told && server !== undefined && takesPlainAlone(told, server) ? { ...flow, plain: true } : undefined;
}
