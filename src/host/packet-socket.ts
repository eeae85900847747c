/** A socket that sees the packets of interfaces: what it is asked for, and what it tells. packet(7). */

/** What one packet socket is to see of a namespace. */
export interface PacketPlan {
  /** A pcap-filter(7) expression. */
  readonly filter: string;
  /**
   * `network` (unless told): frames of every kind of interface, from their network header on, and the filter is about
   * that. `ethernet`: with their Ethernet header, and only of interfaces that have one.
   */
  readonly layer?: 'network' | 'ethernet';
  /** Of a longer frame so many bytes are kept; 65535 unless told. */
  readonly snaplen?: number;
  /** Bytes that the kernel keeps until they are read; 4 MiB unless told. */
  readonly room?: number;
  /** The only interfaces it looks at, 255 at most: their ifindex. All of them, and those that come later, unless told. */
  readonly devices?: readonly number[];
  /**
   * Frames come by a memory that is shared with the kernel, where it can be had: nobody is woken for them, they are there
   * when `look` asks, at most 60 ms after they passed. For long captures: opening waits for a grace period of the kernel.
   */
  readonly ring?: true;
  /**
   * Only what comes in, and without the kernel's stamp: a frame carries the moment of its reading. What it does not let
   * through costs the host next to nothing: what goes out is copied for whoever listens, before his filter is asked.
   */
  readonly light?: true;
}

/** A frame as one socket saw it that watches a whole namespace. */
export interface PacketFrame {
  readonly ifindex: number;
  /** EtherType: 0x0800, 0x86dd, … */
  readonly protocol: number;
  readonly direction: 'in' | 'out';
  /** For somebody else's MAC address: the kernel takes it no further, unless it bridges. */
  readonly foreign: boolean;
  /** Kind of the interface: ARPHRD_… of linux/if_arp.h, 1 for Ethernet, 772 for loopback, 65534 for a tun. */
  readonly hardware: number;
  readonly senderMac: string | null;
  /** The TCI of a VLAN tag that the kernel, or the card, has taken out of `bytes`. */
  readonly vlan: number | null;
  /** Where in `bytes` the network header begins: 0 with layer `network`. */
  readonly header: number;
  readonly bytes: Uint8Array;
  /** Length of the whole frame where `bytes` begin; `bytes` may be shorter. */
  readonly length: number;
  /** Nanoseconds of CLOCK_MONOTONIC, as `process.hrtime.bigint()`: when it passed the interface, by the kernel's stamp. */
  readonly at: bigint;
  /** That stamp as the kernel has it, to the nanosecond: nanoseconds of the clock of the day since 1970; null: none. */
  readonly stamp: bigint | null;
}

export interface PacketSocket {
  /** Hands over at once what is there already, as far as one turn goes. */
  look(): void;
  /** Frames that passed the filter since the opening, and those of them for which there was no room. */
  statistics(): { readonly seen: number; readonly lost: number };
  /** From now on it looks at these interfaces only, of those that it was opened for, by their ifindex. */
  onlyOn(devices: readonly number[]): void;
  /** Hands over what is there, and closes: the kernel takes some milliseconds, which nobody need wait for. */
  stop(): Promise<void>;
}
