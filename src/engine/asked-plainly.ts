/**
 * A probe to a name server is padded by EDNS, to be told from all other packets, and what is padded may be lost where programs'
 * own questions are answered: at the server, or by a rule that asks for the length. It is put once more as the library puts it,
 * and that decides: whether a question with EDNS is lost concerns those alone whose library asks so (resolv.conf(5), edns0).
 */
import type { Diagnosis } from '../model/diagnosis.ts';
import type { Unknown } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { LookUp } from '../model/look-up.ts';
import { asksPlainly, takesPlainAlone } from '../resolver/shapes.ts';
import { serverOf } from '../resolver/words.ts';

const SILENT = new Set(['dns-resolver-silent', 'no-reply-from-destination']);

type Lost = Pick<Diagnosis, 'status' | 'cause' | 'answered' | 'findings'>;

const OTHERS =
  'programs whose resolver always puts an OPT record into them (Go’s own, systemd-resolved, dig)';

/** What became of the padded question, where those without are answered. */
export function deafToEdns({ address }: Pick<Flow, 'address'>, { cause, findings }: Lost): Unknown {
  const what = `questions with EDNS to ${address}`;
  const ended = SILENT.has(cause ?? '') ? undefined : findings[0]?.what;
  return ended === undefined
    ? {
        what,
        because: `they are not answered there, and those without it are: ${OTHERS} get no answer`,
      }
    : {
        what,
        because: `netdoctor’s own, which it makes long, got no answer (${ended}), and the programs’ own questions, which have none, are answered: ${OTHERS} may get no answer`,
      };
}

/** The flow without EDNS; undefined where nothing speaks for it. */
export async function askedPlainly(
  flow: Flow,
  { status, cause, answered }: Lost,
  story: Promise<LookUp> | undefined,
): Promise<Flow | undefined> {
  if (flow.proto !== 'dns' || flow.plain || status !== 'fault' || answered > 0) return undefined;
  const told = await story;
  const server = told && serverOf(told, flow);
  if (!told || server === undefined) return undefined;
  const isAnswered = SILENT.has(cause ?? '') ? takesPlainAlone(told, server) : asksPlainly(told, server);
  return isAnswered ? { ...flow, plain: true } : undefined;
}
