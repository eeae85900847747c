/** What a name server of the agreement says to a question: the same for the real one and for the one of the model. */
import type { NameQuestion, Reply } from '../../src/model/look-up.ts';

/** How a server treats one name. */
export interface Behaviour {
  readonly a: readonly string[];
  readonly aaaa: readonly string[];
  /** RCODE of both types, and of AAAA alone. */
  readonly rcode?: number;
  readonly rcodeOfAaaa?: number;
  /** Too long for a datagram: whole only by TCP. */
  readonly cut?: boolean;
  /** Empty, without authority and recursion. */
  readonly lame?: boolean;
}

export interface Server {
  readonly address: string;
  /** `closed`: nobody listens; `away`: no route leads there. */
  readonly state: 'answers' | 'silent' | 'closed' | 'away';
  /** Answers come this much later. Milliseconds. */
  readonly delay: number;
  readonly names: Readonly<Record<string, Behaviour>>;
}

export interface Said {
  readonly rcode: number;
  readonly truncated: boolean;
  readonly lame: boolean;
  readonly addresses: readonly string[];
}

export function said(server: Server, { name, type, transport }: Omit<NameQuestion, 'server'>): Said {
  const found = server.names[name.toLowerCase()];
  const rcode = (type === 'AAAA' ? found?.rcodeOfAaaa : undefined) ?? (found ? (found.rcode ?? 0) : 3);
  const all = found && rcode === 0 && !found.lame ? (type === 'A' ? found.a : found.aaaa) : [];
  const truncated = transport === 'udp' && found?.cut === true && all.length > 0;
  return {
    rcode,
    truncated,
    lame: found?.lame === true && rcode === 0,
    addresses: truncated ? all.slice(0, 1) : all,
  };
}

/** The servers as the model asks them. */
export function replier(servers: readonly Server[]): (question: NameQuestion) => Promise<Reply> {
  return async (question) => {
    const server = servers.find(({ address }) => address === question.server);
    if (!server || server.state === 'away') return { kind: 'error', errno: 'ENETUNREACH' };
    if (server.state === 'closed') return { kind: 'error', errno: 'ECONNREFUSED' };
    if (question.transport === 'tcp' && server.state === 'silent')
      return { kind: 'error', errno: 'ECONNREFUSED' };
    if (server.state === 'silent') return { kind: 'silence' };
    const answer = said(server, question);
    return {
      kind: 'answer',
      ...answer,
      records: answer.addresses.length,
      milliseconds: server.delay + (question.type === 'A' ? 0 : 0.1),
    };
  };
}
