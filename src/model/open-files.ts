/** A process of the target, and the files it has open of those it may. */
export interface OpenFiles {
  readonly pid: number;
  readonly name: string;
  readonly open: number;
  readonly soft: number;
  /** Null: no limit. */
  readonly hard: number | null;
}

/** Nothing more can be opened: getrlimit(2), RLIMIT_NOFILE. */
export const isFull = ({ open, soft }: OpenFiles): boolean => open >= soft;
