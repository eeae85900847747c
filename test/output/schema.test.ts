import { describe, expect, expectTypeOf, it, test } from 'vitest';
import type { z } from 'zod';
import type { Event } from '../../src/model/event.ts';
import type { ErrorDocument } from '../../src/output/json.ts';
import { errorDocument, jsonText } from '../../src/output/json.ts';
import { eventLine } from '../../src/output/ndjson.ts';
import { type PublishedDiagnosis, published } from '../../src/output/published.ts';
import { diagnosis as diagnosisSchema } from '../../src/output/schema/documents/diagnosis.ts';
import type { error } from '../../src/output/schema/documents/error.ts';
import { event } from '../../src/output/schema/documents/event.ts';
import { documents, jsonSchema } from '../../src/output/schema.ts';
import { diagnosis, story } from '../repl/fixture/forwarding-off.ts';

/** The schemas are written without `readonly`, the model with it: what is compared is everything else. */
type Frozen<T> = { readonly [K in keyof T]: Frozen<T[K]> };
type Schema<T extends z.ZodType> = Frozen<z.output<T>>;

describe('a schema and its type say the same', () => {
  // Each way fails to compile when a key, an enumeration or a null is on one side only.
  const throughSchema = (one: Frozen<PublishedDiagnosis>): Schema<typeof diagnosisSchema> => one;
  const throughType = (one: Schema<typeof diagnosisSchema>): Frozen<PublishedDiagnosis> => one;

  it('of the diagnosis, both ways', () => {
    expectTypeOf<keyof z.output<typeof diagnosisSchema>>().toEqualTypeOf<keyof PublishedDiagnosis>();
    const document = published(diagnosis);
    expect(throughType(throughSchema(document))).toBe(document);
  });

  it('of the error', () => {
    expectTypeOf<Schema<typeof error>>().toEqualTypeOf<Frozen<ErrorDocument>>();
    expect(errorDocument({ exit: 2, code: 'c', message: 'm', hint: 'h' }).schema).toBe('netdoctor/error/1');
  });
});

describe('the schema of the diagnosis', () => {
  const parse = (change: object) => diagnosisSchema.safeParse({ ...published(diagnosis), ...change });

  it('accepts what is printed', () => {
    const printed: unknown = JSON.parse(jsonText(published({ ...diagnosis, families: [diagnosis] })));
    expect(diagnosisSchema.safeParse(printed).error).toBeUndefined();
  });

  it('accepts a document that has grown', () => {
    expect(parse({ later: true }).success).toBe(true);
  });

  test.each([
    ['a status of no vocabulary', { status: 'broken' }],
    ['a missing count', { sent: undefined }],
    ['a hop that is no hop', { path: [{ id: 'host/eth0' }] }],
    ['a place with one end', { between: ['host/eth0'] }],
    ['another document', { schema: 'netdoctor/error/1' }],
    ['a broken family inside', { families: [{ ...published(diagnosis), status: 'x' }] }],
  ])('refuses %s', (_, change) => {
    expect(parse(change).success).toBe(false);
  });
});

describe('the schema of an event', () => {
  type Told = Exclude<Event, { type: 'diagnosis' }>;

  it('knows every event that the engine tells', () => {
    expectTypeOf<z.output<typeof event>['type']>().toEqualTypeOf<Told['type']>();
    // Fails to compile when a key of the model is missing, or has another type.
    const throughSchema = (one: Frozen<Told>): Schema<typeof event> => one;
    expect(throughSchema).toBeTypeOf('function');
  });

  it('accepts each line but the last, which is the diagnosis', () => {
    const lines = story.map((one): unknown => JSON.parse(eventLine(one)));
    for (const line of lines.slice(0, -1)) expect(event.safeParse(line).error).toBeUndefined();
    expect(new Set(story.map(({ type }) => type)).size).toBeGreaterThan(7);
    expect(diagnosisSchema.safeParse(lines.at(-1)).success).toBe(true);
    expect(event.safeParse(lines.at(-1)).success).toBe(false);
  });

  test.each([
    ['a type that there is not', { type: 'thought' }],
    ['a count that is none', { type: 'sent', probe: 'one', of: 3 }],
    ['a part that is missing', { type: 'sighting' }],
  ])('refuses %s', (_, line) => {
    expect(event.safeParse(line).success).toBe(false);
  });

  it('is published as one of its types, each with its own', () => {
    const schema = jsonSchema(documents.find(({ name }) => name === 'event')!) as {
      oneOf: { properties: { type: { const: string } } }[];
    };
    expect(schema).toMatchObject({ $id: 'netdoctor/event/1' });
    expect(schema.oneOf.map(({ properties }) => properties.type.const)).toEqual(
      expect.arrayContaining(['target', 'path', 'sighting', 'waiting']),
    );
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
  });
});

// An event is a line of a stream, and has no name of its own in it.
describe.each(documents.filter(({ name }) => name !== 'event').map((one) => [one.name, one] as const))(
  '%s',
  (name, document) => {
    it('is published as JSON Schema, under its own name', () => {
      const schema = jsonSchema(document) as { properties: Record<string, { const?: string }>; type: string };
      expect(schema).toMatchObject({ $id: `netdoctor/${name}/1`, type: 'object' });
      expect(schema.properties.schema?.const).toBe(`netdoctor/${name}/1`);
      expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    });

    it('says which call writes it', () => {
      expect(document.about).toMatch(/netdoctor|every call/);
    });
  },
);
