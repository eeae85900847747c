/** A handshake that was tried beside a ping that a program's tap should carry. */
export interface TcpBeside {
  /** The port that took or refused a connection; null where none was heard of. */
  readonly port: number | null;
  readonly refused: boolean;
}
