/** Sends one probe after the other, and knows which of them a packet is, or an answer. */
import { openSender, type Sender } from '../engine/run/sending.ts';
import type { Machine } from '../host/machine.ts';
import { type Answer, known } from '../model/answer.ts';
import type { Flow } from '../model/flow.ts';
import type { ProbeOutcome } from '../model/sighting.ts';
import { drawLengths, type ProbeRun, type Recognised } from '../probe/kind.ts';
import { probeKindOf } from '../probe/kinds.ts';
import { SYN } from '../probe/syn.ts';
import type { Packet } from '../wire/packet.ts';
import { recognise, type Watched } from '../witness/capture.ts';
import { tokenOf } from './filter.ts';
import type { Ground } from './ground.ts';

/** Probes of one socket: a ping's payload counts them in a byte, and the kernel is told which are still awaited. */
const OF_ONE_SOCKET = 32;

interface Batch extends Watched {
  readonly sender: Sender;
  /** Of its probes, those that nobody has forgotten yet. */
  left: number;
  sent: number;
  /** The namespace it is sent from. */
  readonly netns: number | null;
}

export class Probing {
  readonly #machine: Machine;
  readonly #mark: number;
  /** IP length of each probe, the same for all, so that the kernel's trace knows them: drawn where the protocol leaves the choice. */
  readonly length: number;
  readonly #onOutcome: (outcome: ProbeOutcome) => void;
  /** The newest first: most packets are of it. */
  #batches: Batch[] = [];
  #opened = 0;

  constructor(machine: Machine, mark: number, flow: Flow, onOutcome: (outcome: ProbeOutcome) => void) {
    this.#machine = machine;
    const kind = probeKindOf(flow.proto);
    const drawn = drawLengths(kind, flow, 1, machine.random.bind(machine));
    this.length = kind.lengths(flow) === null ? SYN[flow.family] : drawn[0]!;
    this.#mark = mark;
    this.#onOutcome = onOutcome;
  }

  /** Sends the probe of that number; known is the moment before its system call, in nanoseconds of CLOCK_MONOTONIC. */
  send(number: number, ground: Ground): Answer<bigint> {
    const [newest] = this.#batches;
    const batch =
      newest && newest.sent < newest.run.count && newest.netns === (ground.netns?.inode ?? null)
        ? known(newest, [])
        : this.#open(number, ground);
    if (!batch.known) return batch;
    let at = 0n;
    batch.value.sent++;
    batch.value.sender.sendOne(number, (_, moment) => {
      at = moment;
    });
    return known(at, []);
  }

  #open(number: number, { flow, path, netns }: Ground): Answer<Batch> {
    const kind = probeKindOf(flow.proto);
    const count = kind.socket === 'icmp' ? OF_ONE_SOCKET : 1;
    const sender = openSender(this.#machine, {
      flow,
      kind,
      count,
      first: number,
      netns,
      realDestination: path.realDestination,
      lengths: Array.from({ length: count }, () => this.length),
      token: tokenOf(this.#mark, this.#opened++),
      onOutcome: this.#onOutcome,
    });
    if (!sender.known) return sender;
    const batch = {
      kind,
      sender: sender.value,
      run: sender.value.run,
      left: count,
      sent: 0,
      netns: netns?.inode ?? null,
    };
    this.#batches.unshift(batch);
    return known(batch, []);
  }

  /** What a packet is to any probe that is under way. */
  recognise(packet: Packet): Recognised | null {
    return packet.neighbour ? null : recognise(this.#batches, packet);
  }

  /** The one that sent it, as long as it is under way. */
  runOf(number: number): ProbeRun | undefined {
    return this.#batches.find(({ sender }) => sender.owns(number))?.run;
  }

  /** Hears what sockets have, however late the event loop is. */
  look(): void {
    for (const { sender } of this.#batches) sender.look();
  }

  /** What becomes of this probe does not matter any more. */
  forget(number: number): void {
    const batch = this.#batches.find(({ sender }) => sender.owns(number));
    if (!batch) return;
    batch.left--;
    this.#closeDone();
  }

  #closeDone(): void {
    for (const { left, sender } of this.#batches) if (left <= 0) sender.close();
    this.#batches = this.#batches.filter(({ left }) => left > 0);
  }

  close(): void {
    for (const { sender } of this.#batches) sender.close();
    this.#batches = [];
  }
}
