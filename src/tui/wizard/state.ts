/** What the wizard shows, and what it waits for. */
import type { StepPreview } from '../../guide/event.ts';
import type { Choice } from '../../guide/question.ts';

export interface Block {
  readonly id: number;
  readonly lines: readonly string[];
}

export interface Offer {
  readonly name: string;
  readonly title: string;
  readonly why: string;
  readonly picture: readonly string[];
}

export type Scene =
  | { readonly kind: 'choose'; readonly offers: readonly Offer[]; readonly at: number }
  | {
      readonly kind: 'ask';
      readonly ask: string;
      readonly why: string | null;
      readonly suggestion: string | null;
      readonly choices: readonly Choice[];
      readonly error: { readonly message: string; readonly hint: string } | null;
      readonly text: string;
    }
  | { readonly kind: 'step'; readonly step: StepPreview; readonly index: number; readonly of: number }
  /** A step that failed, with what stands until now; `sound` where there is something to diagnose. */
  | {
      readonly kind: 'broken';
      readonly title: string;
      readonly sound: boolean;
    }
  | { readonly kind: 'busy'; readonly what: string }
  | { readonly kind: 'over' };

export interface WizardState {
  /** Finished: written once, above the rest. */
  readonly printed: readonly Block[];
  readonly picture: readonly string[];
  readonly scene: Scene;
}

/** What a person did. */
export type Given =
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'run' | 'skip' | 'back' | 'all' | 'quit' }
  /** What to do about a step that failed. */
  | { readonly type: 'diagnose' | 'again' | 'keep' };

/** Holds the state, tells who watches, and lets one part of the program wait for a person. */
export class Store {
  state: WizardState = { printed: [], picture: [], scene: { kind: 'busy', what: 'Looking around' } };
  readonly #watchers = new Set<() => void>();
  #waiting: ((given: Given) => void) | null = null;
  #blocks = 0;
  /** Called when somebody quits while nothing is waited for. */
  onQuit: () => void = () => {};

  watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  #change(change: Partial<WizardState>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.#watchers) watcher();
  }

  show(scene: Scene): void {
    this.#change({ scene });
  }

  draw(picture: readonly string[]): void {
    this.#change({ picture });
  }

  print(...lines: readonly string[]): void {
    this.#blocks += 1;
    this.#change({ printed: [...this.state.printed, { id: this.#blocks, lines }] });
  }

  /** Shows a scene and waits for what a person does with it. */
  ask(scene: Scene): Promise<Given> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.show(scene);
    });
  }

  give(given: Given): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) waiting(given);
    else if (given.type === 'quit') this.onQuit();
  }

  /** Moves the cursor of a choice, or changes the text of an answer; nothing is decided by it. */
  edit(change: (scene: Scene) => Scene): void {
    this.show(change(this.state.scene));
  }
}
