import type { Event } from '../model/event.ts';
import { inOrder, jsonLine } from './json.ts';

/** One line an event, as it happens; the diagnosis is its own document, and the last line. */
export const eventLine = (event: Event): string =>
  event.type === 'diagnosis' ? jsonLine(inOrder(event.diagnosis)) : jsonLine(event);
