/** An entry of the journal as netdoctor keeps one, of a change that stands. */
export const keptEntry = (about: object = {}) => ({
  schema: 'netdoctor/journal/1',
  when: '2026-11-28T00:00:00Z',
  pid: 1,
  title: 'x',
  cause: null,
  target: null,
  risk: 'safe',
  lasts: '',
  status: 'applied',
  rollback: null,
  notes: [],
  ...about,
});

/** A change of it that was made. */
export const keptChange = (apply: unknown) => ({
  apply,
  what: null,
  before: null,
  expected: null,
  after: null,
  status: 'applied',
});
