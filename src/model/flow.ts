export type Proto = 'icmp' | 'tcp' | 'udp' | 'dns';
export type Family = 4 | 6;
export type Origin = 'container' | 'host' | 'outside' | 'other';
/** Where the far end lives: past an uplink, on this host itself, or in a namespace of this host. */
export type Ending = 'outside' | 'host' | 'container' | 'other';

/** What is asked: from whom to whom, with which protocol. */
export interface Flow {
  readonly from: Origin;
  /** The other container it begins in, as the user named it. */
  readonly source?: string;
  /** As the user said it. */
  readonly to: string;
  /** The destination address the source uses. */
  readonly address: string;
  /** From outside: nobody named the address, and it stands for any of this host's. */
  readonly anyAddress?: true;
  /** From outside: the interface by which somebody was seen to come in, where another was foretold. */
  readonly entrance?: string;
  readonly proto: Proto;
  readonly port: number | null;
  readonly family: Family;
  /** The question of a DNS probe. */
  readonly question?: string;
  /** It is put without EDNS, and so without padding. */
  readonly plain?: true;
  /** The destination that was meant, where its name could not be resolved: this is the flow to the resolver then. */
  readonly insteadOf?: string;
  /** The program of the host, or the runtime's resolver, that took what was asked, where this is the flow it makes of it. */
  readonly behind?: string;
}

/** What its packets are, as rules and routes name them: DNS probes go by UDP. */
export const carrier = ({ proto }: Pick<Flow, 'proto'>): Exclude<Proto, 'dns'> =>
  proto === 'dns' ? 'udp' : proto;

/** `web → 198.51.100.1:80 tcp`'s right half: `[2001:db8::1]:443`, and an address alone where there is no port. */
export const destination = ({ address, port }: Pick<Flow, 'address' | 'port'>): string =>
  port === null ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
