import type { EngineKind, Version } from './engine-kind.ts';
import containerd from './kinds/containerd.ts';
import cri from './kinds/cri.ts';
import docker from './kinds/docker.ts';
import podman from './kinds/podman.ts';

/** Every kind of engine. */
export const kinds: readonly EngineKind[] = [docker, podman, containerd, cri];

export interface Engine extends Version {
  readonly kind: EngineKind;
}

/** Every version of every engine, in the order of the table. */
export const engines: readonly Engine[] = kinds.flatMap((kind) =>
  kind.versions.map((version) => ({ ...version, kind })),
);

/** What one would ask too, were it to be had. */
export const missing: readonly string[] = kinds.flatMap((kind) => kind.missing ?? []);

/** What the tree of an engine holds: engines of one suite share it. */
export const packagesOf = ({ suite, also }: Version): string[] => [
  ...new Set(
    engines.filter((one) => one.suite === suite && one.also === also).flatMap((one) => one.packages),
  ),
];
