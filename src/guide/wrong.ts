import { type Failure, wrongCall } from '../model/failure.ts';

/** What is wrong with an answer, and what would do. */
export const wrongAnswer = (message: string, hint: string): Failure =>
  wrongCall('wrong-answer', message, hint);
