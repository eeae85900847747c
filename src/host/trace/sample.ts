/** A record of a ring of perf events, read by the tracepoint's own format: perf_event_open(2), PERF_RECORD_SAMPLE. */
import type { TraceEvent } from './event.ts';
import type { Field, Format } from './format.ts';

const PERF_RECORD_LOST = 2;
const PERF_RECORD_SAMPLE = 9;
/** PERF_SAMPLE_TID, _TIME, _CPU and _RAW: what the samples are asked to hold, in this order behind their header. */
export const SAMPLE_TYPE = (1 << 1) | (1 << 2) | (1 << 7) | (1 << 10);
const AT = { type: 0, thread: 12, time: 16, cpu: 24, size: 32, raw: 36 };
const LOST = { count: 16, length: 24 };

/** An event with its moment in nanoseconds; `address`: the code that freed the packet, where one did. */
export interface Sample {
  readonly at: bigint;
  readonly event: Omit<TraceEvent, 'at' | 'location'>;
  readonly address: bigint | null;
}

export type Record = Sample | { readonly lost: number };

/** Undefined for a record of another kind, or one that is too short. `formats` by the tracepoint's number. */
export function decodeRecord(bytes: Buffer, formats: ReadonlyMap<number, Format>): Record | undefined {
  const type = bytes.readUInt32LE(AT.type);
  if (type === PERF_RECORD_LOST && bytes.length >= LOST.length)
    return { lost: Number(bytes.readBigUInt64LE(LOST.count)) };
  if (type !== PERF_RECORD_SAMPLE || bytes.length < AT.raw) return undefined;
  const raw = bytes.subarray(AT.raw, AT.raw + bytes.readUInt32LE(AT.size));
  const format = raw.length >= 2 ? formats.get(raw.readUInt16LE(0)) : undefined;
  if (!format) return undefined;
  const number = (name: string): bigint | null => numberAt(raw, format.fields.get(name));
  const skb = number('skbaddr');
  if (skb === null) return undefined;
  const length = number('len');
  const reason = number('reason');
  return {
    at: bytes.readBigUInt64LE(AT.time),
    address: number('location'),
    event: {
      pid: bytes.readUInt32LE(AT.thread),
      cpu: bytes.readUInt32LE(AT.cpu),
      event: format.name,
      skb: skb.toString(16),
      device: textAt(raw, format.fields.get('name')),
      length: length === null ? null : Number(length),
      reason: reason === null ? null : (format.symbols.get('reason')?.get(Number(reason)) ?? `${reason}`),
    },
  };
}

function numberAt(raw: Buffer, field: Field | undefined): bigint | null {
  if (!field || field.offset + field.size > raw.length) return null;
  if (field.size === 8) return raw.readBigUInt64LE(field.offset);
  return field.size > 4 ? null : BigInt(raw.readUIntLE(field.offset, field.size));
}

/** `__data_loc`: where in the record the text lies, and in the upper half its length. */
function textAt(raw: Buffer, field: Field | undefined): string | null {
  const place = numberAt(raw, field);
  if (place === null) return null;
  const [offset, length] = [Number(place) & 0xffff, Number(place) >>> 16];
  return raw.toString('latin1', offset, offset + length).replace(/\0.*$/s, '');
}
