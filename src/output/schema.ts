/** The JSON Schemas of every document netdoctor writes. zod is loaded with this file, and nowhere else. */
import { z } from 'zod';
import { inOrder } from '../words/order.ts';
import type { PublishedSchema } from './schema/document.ts';

const files = import.meta.glob<{ default: PublishedSchema }>('./schema/documents/*.ts', { eager: true });

export const documents: readonly PublishedSchema[] = Object.values(files)
  .map((file) => file.default)
  .sort((a, b) => inOrder(a.name, b.name));

/** JSON Schema 2020-12. Documents grow by addition, so a key that is not named is no error. */
export const jsonSchema = ({ name, about, schema }: PublishedSchema): object => ({
  ...z.toJSONSchema(schema, { io: 'input' }),
  $id: `netdoctor/${name}/1`,
  title: `netdoctor ${name}`,
  description: about,
});
