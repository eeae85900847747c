import type { Link, Stack } from '../../model/stack.ts';
import { addressesOf, type HopKind } from '../kind.ts';

const files = import.meta.glob<{ default: HopKind }>('../hops/*.ts', { eager: true });
const kinds = new Map(Object.values(files).map(({ default: kind }) => [kind.kind, kind]));

/** Kind and a few words; a kind without a file of its own shows its addresses. */
export function describeLink(link: Link, stack: Stack): { kind: string; about: string } {
  return { kind: link.kind, about: kinds.get(link.kind)?.about(link, stack) ?? addressesOf(link) };
}
