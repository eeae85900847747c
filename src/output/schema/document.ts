import type { z } from 'zod';

/** One document that netdoctor writes for scripts. */
export interface PublishedSchema {
  /** The middle of its `schema` key: `netdoctor/NAME/1`. */
  readonly name: string;
  /** Which call writes it. */
  readonly about: string;
  readonly schema: z.ZodType;
}

export const document = <S extends z.ZodType>(definition: {
  readonly name: string;
  readonly about: string;
  readonly schema: S;
}) => definition;
