/** Who has an address on a target's networks, in the runtime's words. */
export interface Bearer {
  readonly address: string;
  /** `container web2`, `task web.1.abc of service web`, `service web (virtual address)`. */
  readonly name: string;
  /** Of a service's virtual address: those that stand behind it. */
  readonly replicas?: readonly { readonly address: string; readonly name: string }[];
}
