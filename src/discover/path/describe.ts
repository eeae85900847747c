import type { Unknown } from '../../model/evidence.ts';
import type { Link, Stack } from '../../model/stack.ts';
import { addressesOf, type HopKind } from '../kind.ts';

const files = import.meta.glob<{ default: HopKind }>('../hops/*.ts', { eager: true });
export const hopKinds: readonly HopKind[] = Object.values(files).map(({ default: kind }) => kind);
const kinds = new Map(hopKinds.map((kind) => [kind.kind, kind]));

/** What this kind of link keeps from whoever looks from this host; undefined where nothing. */
export const hiddenBy = (link: Link, stack: Stack): Unknown | undefined =>
  kinds.get(link.kind)?.hides?.(link, stack);

/** Kind and a few words; a kind without a file of its own shows its addresses. */
export function describeLink(link: Link, stack: Stack): { kind: string; about: string } {
  return { kind: link.kind, about: kinds.get(link.kind)?.about(link, stack) ?? addressesOf(link) };
}
