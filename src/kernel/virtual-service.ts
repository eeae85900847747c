/** IPVS: the service that a flow asks for, and the servers that may get it. */
import type { VirtualService } from '../model/facts.ts';
import { carrier, type Flow } from '../model/flow.ts';

export type Server = VirtualService['servers'][number];

/** The service at the address and port that the flow goes to. */
export const serviceOf = (
  services: readonly VirtualService[],
  flow: Pick<Flow, 'proto' | 'address' | 'port'>,
): VirtualService | undefined =>
  services.find(
    ({ proto, address, port }) => proto === carrier(flow) && address === flow.address && port === flow.port,
  );

/** Servers that get new connections. */
export const serving = ({ servers }: VirtualService): readonly Server[] =>
  servers.filter(({ weight }) => weight > 0);
