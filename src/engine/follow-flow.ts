/** A flow is looked at where its path foretells; somebody outside is followed to where he came in, where that is elsewhere. */
import type { Event } from '../model/event.ts';
import type { Flow } from '../model/flow.ts';
import { type Diagnosed, diagnoseFlow, type FlowQuestion } from './diagnose-flow.ts';
import { CameElsewhere, type Ear } from './run/elsewhere.ts';

/** Null when it was interrupted before it could say anything. */
export async function followFlow(
  asked: FlowQuestion,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<Diagnosed | null> {
  if (asked.flow.from !== 'outside') return diagnoseFlow(asked, tell, signal);
  const ear: Ear = {};
  try {
    return await diagnoseFlow(asked, tell, signal, ear);
  } catch (error) {
    if (!(error instanceof CameElsewhere)) throw error;
    const { address, device, visitor } = error;
    const flow: Flow = { ...asked.flow, address, entrance: device };
    tell({ type: 'flow', flow });
    return await diagnoseFlow({ ...asked, flow }, tell, signal, { ...ear, visitor });
  } finally {
    ear.elsewhere?.stop();
  }
}
