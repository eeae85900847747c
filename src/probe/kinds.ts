import type { Proto } from '../model/flow.ts';
import type { ProbeKind } from './kind.ts';

const files = import.meta.glob<{ default: ProbeKind }>('./kinds/*.ts', { eager: true });

const kinds = new Map(Object.values(files).map(({ default: kind }) => [kind.proto, kind]));

/** The kind of probe that asks with this protocol. */
export function probeKindOf(proto: Proto): ProbeKind {
  const kind = kinds.get(proto);
  if (!kind) throw new Error(`no probe for ${proto}`);
  return kind;
}
