import type { Question } from '../model/question.ts';
import { type Defaults, type Settings, settingNamed } from './settings.ts';

/** What a person asked for in a conversation; what they left open is as on the command line. */
export type Wish = Pick<Question, 'target'> & Partial<Pick<Question, 'to' | 'proto' | 'from'>>;

/** The question that a wish comes to. */
export function questionOf(wish: Wish, defaults: Defaults, settings: Settings): Question {
  const set = Object.entries(settings).map(([name, value]) => settingNamed(name)?.change(value) ?? {});
  const typed = wish.to === undefined ? {} : { usual: false };
  return Object.assign({}, defaults, ...set, wish, typed);
}
