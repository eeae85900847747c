/** Sentences about a program that waits in vain for somebody else before it answers. */
import type { Speech } from '../model/exchange.ts';
import { destination } from '../model/flow.ts';
import type { Mute, Untaken } from '../model/untaken.ts';
import { seconds } from './text.ts';
import { reason, type Told, who } from './untaken.ts';

const SAID: Readonly<Record<Speech, string>> = {
  http: 'an HTTP HEAD',
  tls: 'a TLS hello',
  greeting: 'a greeting',
};

/** `untaken` of kind `mute` as a cause tells it; `proxy`: who waits, in words. */
export function silentInWords(untaken: Untaken, proxy: string): Told {
  const { connections, of, waited } = untaken;
  const { how, listens, said } = untaken.waitsFor!;
  const backend = destination(untaken.to!);
  const program = listens ? `${who(listens)} on ${backend}` : backend;
  const because = listens ? reason(listens) : null;
  const does = {
    queued: listens ? 'who does not accept them' : 'where nobody accepts them',
    unread: listens ? 'who does not read what comes' : 'where nobody reads what comes',
    deaf: `${listens ? 'who' : 'which'} takes what is said and does not answer`,
    silent: `${listens ? 'who' : 'which'} takes what is said and does not answer`,
  }[how];
  const some = connections < of ? `${connections} of ${of} connections` : `each of ${of} connections`;
  const asked = said ? ` over which ${SAID[said]} was said` : '';
  return {
    what: `${proxy} accepts the connections and waits for ${program}, ${does}`,
    why: `For ${some}${asked} the program has one of its own to ${backend}, and for ${seconds(waited)} nothing came over it: ${standing(how)}.${because?.why ?? ''}`,
    do:
      because && listens?.holders.some(({ halted }) => halted)
        ? because.do
        : `See why whoever serves ${backend} hangs (a debugger, its log, what it waits for itself), or restart it.${how === 'silent' ? ' Where an answer may take longer than that, give it more time: --timeout.' : ''}`,
  };
}

function standing(how: Mute['how']): string {
  switch (how) {
    case 'queued':
      return 'its kernel opened them, and they stand in the queue of those that nobody has accepted';
    case 'unread':
      return 'what was sent was acknowledged by its kernel, and stands there unread (Recv-Q)';
    case 'deaf':
      return 'what was sent was acknowledged, and when the client hung up the program did not end its side either (FIN-WAIT-2)';
    case 'silent':
      return 'what was sent was acknowledged, and there it ended';
  }
}
