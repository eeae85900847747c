import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Outlet } from '../../src/main/outlet.ts';

/** A pipe whose reader takes one piece whenever he is asked to. */
function slowly() {
  const kept: { text: string; done: (error?: Error) => void }[] = [];
  const read: string[] = [];
  return {
    read,
    get writableLength() {
      return kept.reduce((sum, { text }) => sum + text.length, 0);
    },
    write: (text: string, done: (error?: Error) => void = () => {}) => void kept.push({ text, done }),
    take(error?: Error) {
      const { text, done } = kept.shift()!;
      read.push(text);
      done(error);
    },
  };
}

const never = new AbortController().signal;
const settled = async (promise: Promise<void>): Promise<boolean> =>
  Promise.race([promise.then(() => true), sleep(5).then(() => false)]);

describe('the way out', () => {
  it('is waited for until the last word is written', async () => {
    const sink = slowly();
    const outlet = new Outlet(sink);
    outlet.write('a');
    outlet.write('b');
    const flushed = outlet.flushed(never);
    sink.take();
    expect(await settled(flushed)).toBe(false);
    sink.take();
    expect(await settled(flushed)).toBe(true);
    expect(sink.read).toEqual(['a', 'b']);
  });

  it('lets nobody make more than it can hold', async () => {
    const sink = slowly();
    const outlet = new Outlet(sink);
    outlet.write('x'.repeat(1000));
    expect(await settled(outlet.ready(never))).toBe(true);
    outlet.write('x'.repeat(1_000_000));
    const ready = outlet.ready(never);
    sink.take();
    expect(await settled(ready)).toBe(false);
    sink.take();
    expect(await settled(ready)).toBe(true);
  });

  it('is not waited for when it is broken, nor when the program is told to end', async () => {
    const sink = slowly();
    const outlet = new Outlet(sink);
    outlet.write('a');
    const flushed = outlet.flushed(never);
    sink.take(new Error('ENOSPC'));
    expect(await settled(flushed)).toBe(true);
    outlet.write('b');
    const stop = new AbortController();
    const again = outlet.flushed(stop.signal);
    stop.abort();
    expect(await settled(again)).toBe(true);
  });
});
