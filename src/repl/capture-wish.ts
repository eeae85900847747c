/** A capture as it was asked for. */
export interface CaptureWish {
  readonly target: string;
  /** pcap-filter(7); empty: everything. */
  readonly filter: string;
  readonly file: string | null;
}
