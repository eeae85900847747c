/** How a name is looked up: who is asked what, what they say, and what a C library makes of it. */

/** The C libraries whose way of looking names up is known here. */
export type Library = 'glibc' | 'musl';
export type RecordType = 'A' | 'AAAA';
export type Transport = 'udp' | 'tcp';

/** One question as it goes out on the wire. */
export interface NameQuestion {
  /** Address as resolv.conf has it, with its zone where it names one. */
  readonly server: string;
  /** The whole name asked for, without a final dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly transport: Transport;
  /** It carries an OPT record, or the AD flag: `options edns0`, `options trust-ad`. */
  readonly edns?: true;
  readonly trustAd?: true;
}

export type Reply =
  | {
      readonly kind: 'answer';
      /** RFC 1035 section 4.1.1. */
      readonly rcode: number;
      readonly truncated: boolean;
      /** Neither authoritative nor recursive, and empty: a server that knows nothing of the zone. */
      readonly lame: boolean;
      /** Records in the answer section, of any type. */
      readonly records: number;
      /** Addresses of the type asked for, in the server's order. */
      readonly addresses: readonly string[];
      /** What the name stands for (CNAME), as the server wrote it. */
      readonly alias?: string;
      readonly milliseconds: number;
      /** It came when the question had been put a second time. */
      readonly again?: true;
    }
  | { readonly kind: 'silence' }
  /** The kernel refused to send, or an ICMP error or a reset came back; errno name. */
  | { readonly kind: 'error'; readonly errno: string };

export interface Asked extends NameQuestion {
  readonly reply: Reply;
}

/** What getaddrinfo(3) says where it has no address: EAI_NONAME, EAI_NODATA, EAI_AGAIN, EAI_FAIL. */
export type LookUpError = 'no-such-name' | 'no-address' | 'try-again' | 'failed';

/** What one library makes of a name. */
export interface Outcome {
  readonly library: Library;
  /** In the order in which a program gets them (RFC 6724); empty where there is an error. */
  readonly addresses: readonly string[];
  readonly error: LookUpError | null;
  /** Where the addresses come from. */
  readonly source: 'files' | 'dns' | 'myhostname' | null;
  /** The name whose addresses these are, where it was asked of a server. */
  readonly asked: string | null;
  /** Time spent waiting for servers that said nothing. Seconds. */
  readonly waited: number;
  /** What it sent, in order; both families of one name stand next to each other. */
  readonly questions: readonly NameQuestion[];
}

/** One of the files a library reads: where it stands in the eyes of this host, and whether it is there. */
export interface NamesFile {
  readonly file: string;
  readonly text: string | undefined;
  /** Why it could not be read, where it is there. */
  readonly because: string | null;
  /** Why the target's own process cannot read it: to that it is not there. */
  readonly denied?: string;
}

/** A resolver that stands for others: a runtime's, systemd's, a cache on the node. */
export interface StandIn {
  readonly server: string;
  /** `Docker’s embedded resolver`, … */
  readonly what: string;
  /** Whom it asks, as far as that can be told. */
  readonly upstreams: readonly string[];
}

/** The whole story of one name. */
export interface LookUp {
  /** As it was typed. */
  readonly name: string;
  /** Asked only to see whether the servers answer: what they say of it matters to nobody. */
  readonly sample: boolean;
  readonly from: 'container' | 'host';
  /** The C library of the container; null where it cannot be told. */
  readonly library: Library | null;
  /** It is for a bare namespace, which has programs of all kinds. */
  readonly bare?: boolean;
  readonly files: readonly NamesFile[];
  /** In order, as glibc reads them. */
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
  /** The library's own, or both where it cannot be told. */
  readonly outcomes: readonly Outcome[];
  /** What the libraries would make of it that the container does not have. */
  readonly others?: readonly Outcome[];
  /** Every question put, with what came back, in order. */
  readonly asked: readonly Asked[];
  readonly standIns: readonly StandIn[];
  readonly captured: Captured | null;
  /** Asked again, the servers gave the addresses in another order: each is some program's first choice. */
  readonly rotates: boolean;
  /** What failed, asked of the same server by the host itself. */
  readonly control: Asked | null;
  /** What was denied, asked of those whom the server asks in turn, and of the host's own. */
  readonly elsewhere?: readonly Elsewhere[];
  /** What a server left unanswered, put to it in other shapes. */
  readonly shapes?: readonly Asked[];
  readonly unasked?: readonly Unasked[];
}

/** A server that stands behind the third in resolv.conf, which no library asks. */
export interface Unasked {
  readonly server: string;
  /** Asked all the same, did it have an address? Null: it was not asked. */
  readonly answers: boolean | null;
}

/** A question that the container's servers denied, put by the host to somebody else. */
export interface Elsewhere extends Asked {
  /** The container's own server was seen to ask this one; else it is one of the host's. */
  readonly inTurn: boolean;
  readonly led?: Led;
}

/** The very datagram was seen under this address: a rule of this host put it in place of the one that was asked. */
export interface Led {
  /** The address that was asked. */
  readonly from: string;
  /** The program that listens on that very address, and is not asked; null: none does. */
  readonly passedOver: string | null;
}

/** A search domain answered for a name that has a dot of its own. */
export interface Captured {
  readonly asked: string;
  readonly domain: string;
  readonly addresses: readonly string[];
  /** Of the name as typed. */
  readonly meant: readonly string[];
  /** Of a name in that domain that was made up for it: the domain answers for every name. */
  readonly anything: readonly string[];
}

/** A story as documents show it. */
export interface LookUpDocument {
  readonly name: string;
  /** Null where it cannot be told: both are shown then. */
  readonly library: Library | null;
  readonly files: readonly { readonly file: string; readonly found: boolean }[];
  readonly servers: readonly {
    readonly address: string;
    /** What it stands for, and whom it asks. */
    readonly what: string | null;
    readonly upstreams: readonly string[];
  }[];
  readonly search: readonly string[];
  readonly ndots: number;
  readonly questions: readonly (Omit<NameQuestion, 'edns' | 'trustAd'> & {
    /** With an OPT record. */
    readonly edns: boolean;
    /** `NOERROR`, `NXDOMAIN`, …, `silent`, or an errno name. */
    readonly said: string;
    readonly truncated: boolean;
    readonly addresses: readonly string[];
    readonly milliseconds: number | null;
  })[];
  readonly results: readonly {
    readonly library: Library;
    readonly addresses: readonly string[];
    readonly error: LookUpError | null;
    readonly source: string | null;
    readonly asked: string | null;
    /** Spent waiting for servers that said nothing. */
    readonly seconds: number;
  }[];
}
