/** Who has an address on a target's networks, in the runtime's words. */
export interface Bearer {
  readonly address: string;
  /** `container web2`, `task web.1.abc of service web`, `service web (virtual address)`. */
  readonly name: string;
  /** Further names by which the runtime's own resolver answers on that network. */
  readonly aliases?: readonly string[];
  /** Of a service's virtual address: those that stand behind it. */
  readonly replicas?: readonly { readonly address: string; readonly name: string }[];
}
