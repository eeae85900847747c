import type { Event } from '../model/event.ts';
import { jsonLine } from './json.ts';
import { published } from './published.ts';

/** One line an event, as it happens; the diagnosis is its own document, and the last line. */
export const eventLine = (event: Event): string =>
  event.type === 'diagnosis' ? jsonLine(published(event.diagnosis)) : jsonLine(event);
