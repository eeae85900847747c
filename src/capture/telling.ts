/** How a capture is told: in lines, as JSON lines, or as one document at its end. */
import type { Glyphs } from '../output/glyphs.ts';
import { jsonLine, jsonText } from '../output/json.ts';
import { captureDocument, listeningOf, packetOf } from './document.ts';
import type { CaptureEvent, Ended, Listens } from './question.ts';
import { Tally } from './tally.ts';
import { endOfCapture, listeningText, pageOf } from './text/around.ts';
import { headingOf } from './text/journey.ts';

export interface Teller {
  take(event: CaptureEvent): void;
  end(ended: Ended): void;
}

interface Outlets {
  readonly glyphs: Glyphs;
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
}

export interface Subject {
  readonly target: string;
  readonly filter: string;
  /** Packets go into a file, and no lines about them anywhere. */
  readonly silent: boolean;
}

export function tellerOf(
  options: Readonly<Record<string, unknown>>,
  subject: Subject,
  screen: Outlets,
): Teller {
  return options.json || options.ndjson ? asJson(options, subject, screen) : asText(options, subject, screen);
}

function asText(options: Readonly<Record<string, unknown>>, { silent }: Subject, screen: Outlets): Teller {
  let page: ReturnType<typeof pageOf> | undefined;
  return {
    take(event) {
      if (event.type === 'listening') {
        page = pageOf(event, options, screen.glyphs);
        screen.err(listeningText(event, options));
      } else if (!silent && page) screen.out(page(event));
    },
    end: (ended) => screen.err(endOfCapture(ended, screen.columns)),
  };
}

function asJson(options: Readonly<Record<string, unknown>>, subject: Subject, screen: Outlets): Teller {
  const { ndjson } = options;
  const tally = new Tally();
  const from = Date.now();
  let listens: Listens | undefined;
  return {
    take(event) {
      if (event.type === 'listening') {
        listens = event;
        screen.err(listeningText(event, options));
        if (ndjson) screen.out(jsonLine(listeningOf(event)));
      } else if (listens) {
        tally.take(event, headingOf(event.told, listens));
        if (ndjson) screen.out(jsonLine(packetOf(event, listens)));
      }
    },
    end(ended) {
      if (!listens) return;
      const document = captureDocument(subject, listens, ended, tally, { from, until: Date.now() });
      screen.out(ndjson ? jsonLine(document) : jsonText(document));
    },
  };
}
