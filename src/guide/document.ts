/** A set-up as one JSON document: `netdoctor/setup/1`. */
import type { Proof, SetupEvent, SetupStatus, StepState } from './event.ts';

export interface SetupDocument {
  readonly schema: 'netdoctor/setup/1';
  readonly recipe: string;
  readonly title: string;
  readonly status: SetupStatus;
  readonly answers: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly title: string;
    readonly why: string;
    readonly state: StepState | 'planned';
    readonly because: string | null;
    readonly commands: readonly (readonly string[])[];
    readonly undo: readonly (readonly string[])[];
  }[];
  readonly proof: readonly Proof[];
  readonly tells: readonly string[];
  readonly journal: string | null;
  readonly because: string | null;
  readonly hint: string | null;
}

const EMPTY: SetupDocument = {
  schema: 'netdoctor/setup/1',
  recipe: '',
  title: '',
  status: 'planned',
  answers: {},
  steps: [],
  proof: [],
  tells: [],
  journal: null,
  because: null,
  hint: null,
};

/** What one more event makes of the document. */
function told(document: SetupDocument, event: SetupEvent): SetupDocument {
  switch (event.type) {
    case 'recipe':
      return { ...document, recipe: event.recipe.name, title: event.recipe.title, answers: event.answers };
    case 'plan':
      return {
        ...document,
        steps: event.steps.map(({ title, why, already, commands, undo }) => ({
          title,
          why,
          state: already ? 'already' : 'planned',
          because: null,
          commands,
          undo,
        })),
      };
    case 'step':
      return {
        ...document,
        steps: document.steps.map((step, index) =>
          index === event.index ? { ...step, state: event.state, because: event.because } : step,
        ),
      };
    case 'proof':
      return { ...document, proof: [...document.proof, event.proof] };
    case 'tell':
      return { ...document, tells: [...document.tells, event.says] };
    case 'end': {
      const { status, journal, because, hint } = event;
      return { ...document, status, journal, because, hint };
    }
    default:
      return document;
  }
}

/** The document of a whole set-up. */
export const documentOf = (events: readonly SetupEvent[]): SetupDocument => events.reduce(told, EMPTY);
