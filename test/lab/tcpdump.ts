import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from './lab.ts';
import type { Place } from './names.ts';

/** A ping as tcpdump saw it on one interface. */
export type Ping = { readonly direction: 'request' | 'reply'; readonly id: number; readonly length: number };

/** A program whose output is read as it comes, and which ends after a minute by itself. */
export const AS_IT_COMES = {
  reject: false,
  stdin: 'ignore',
  stdout: 'pipe',
  stderr: 'pipe',
  buffer: false,
  timeout: 60_000,
} as const;

/** A tcpdump beside the test, on one interface of the lab, of pings alone. */
export class Tcpdump {
  readonly pings: Ping[] = [];
  readonly #stop: () => Promise<void>;

  private constructor(stop: () => Promise<void>) {
    this.#stop = stop;
  }

  /** Resolves once it listens. */
  static async start(lab: Lab, place: Place, interfaceName: string): Promise<Tcpdump> {
    const child = lab.run(
      place,
      ['tcpdump', '-lnni', interfaceName, '--immediate-mode', 'icmp'],
      AS_IT_COMES,
    );
    const tcpdump = new Tcpdump(async () => {
      child.kill('SIGINT');
      await child;
    });
    child.stdout.on('data', (bytes) => tcpdump.#read(String(bytes)));
    for (let said = ''; !said.includes('listening on'); )
      said += String((await once(child.stderr, 'data'))[0]);
    return tcpdump;
  }

  #read(text: string): void {
    // Whole lines come in one piece: -l makes tcpdump write line by line.
    for (const [, direction, id, length] of text.matchAll(
      /ICMP echo (request|reply), id (\d+), .*length (\d+)/g,
    )) {
      this.pings.push({ direction: direction as Ping['direction'], id: Number(id), length: Number(length) });
    }
  }

  /** Ends it, once what is under way has been seen. */
  async stop(): Promise<void> {
    await sleep(100);
    await this.#stop();
  }
}
