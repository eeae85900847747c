/** A kind of engine: on whose Debian each of its versions is had, and how one is asked for its version. */
import type { Scenario } from '../lab/scenario-file.ts';

/** One version of an engine, as a Debian suite has it. */
export interface Version {
  /** What it is called in the table: `Docker 28`. The version itself is what the tree's program says. */
  readonly name: string;
  /** Debian's suite; with `also`, a second one that packages may come from: `podman/experimental`. */
  readonly suite: string;
  readonly also?: string;
  /** Packages of Debian: as apt-get(8) takes them. */
  readonly packages: readonly string[];
  /** It will not have control groups of version 1 beside those of version 2. */
  readonly groups?: 2;
  /** Docker's daemon.json. */
  readonly daemon?: Scenario['daemon'];
  /** The first version that has what this is about; what is older cannot be asked. */
  readonly from?: number;
}

export interface EngineKind {
  readonly engine: NonNullable<Scenario['engine']>;
  /** Says the version, anywhere in its words: `Docker version 28.5.2+dfsg4, build …`. */
  readonly version: readonly [string, ...string[]];
  readonly versions: readonly Version[];
  /** Its clients and its like that no suite of Debian has. */
  readonly missing?: readonly string[];
}

export const engineKind = (definition: EngineKind): EngineKind => definition;
