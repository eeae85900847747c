/** The machine netdoctor runs on. */
import { randomInt } from 'node:crypto';
import { capture, coolCapture, guardInstance, releaseInstance, warmCapture } from './capture/process.ts';
import { realClock } from './clock.ts';
import {
  listNames,
  makeFolder,
  namespaceAt,
  readLink,
  readText,
  removeFile,
  removeLater,
  writeLater,
  writeText,
} from './files.ts';
import { followLines } from './follow.ts';
import { identityOf, readForeign } from './foreign-file.ts';
import { holdFiles } from './held-files.ts';
import { takeLock } from './lock.ts';
import type { CaptureEngine, Machine, Tracing } from './machine.ts';
import { ownedAlone } from './ownership.ts';
import { carriedNames, carriedText } from './package.ts';
import { getJson } from './request.ts';
import { detachProgram, runProgram, startProgram } from './run.ts';
import { balancingIn } from './sockets/balancing.ts';
import { farEnds } from './sockets/far-end.ts';
import { kernelTells } from './sockets/kernel-told.ts';
import { linksBehind, linksIn } from './sockets/links.ts';
import { linksAhead, networkIn, portsOf } from './sockets/network.ts';
import { nsidOf, nsidsOf } from './sockets/nsid.ts';
import { openPackets } from './sockets/packet-socket.ts';
import { openSocket } from './sockets/probe-socket.ts';
import { routeIn } from './sockets/route.ts';
import { socketsIn } from './sockets/socket-diag.ts';
import { listenState } from './sockets/state-listener.ts';
import { listenTrace } from './sockets/trace-listener.ts';
import { hasPrograms } from './sys/cgroup.ts';
import { ownNamespace } from './sys/namespace.ts';
import { startOf } from './sys/process.ts';
import { tracefs } from './sys/tracefs.ts';

/** `engine`: how interfaces are watched, `tracing`: how the kernel’s trace is had; the other one where the first is refused. */
export const localMachine = (engine: CaptureEngine = 'packet', tracing: Tracing = 'perf'): Machine => ({
  run: runProgram,
  start: startProgram,
  follow: followLines,
  read: readText,
  readForeign: (file, rules) => carriedText(file) ?? readForeign(file, rules),
  identity: identityOf,
  list: (directory, where) => carriedNames(directory) ?? listNames(directory, where),
  link: readLink,
  ownedAlone,
  netns: namespaceAt,
  nsid: nsidOf,
  nsids: nsidsOf,
  farEnds,
  linksIn,
  linksBehind,
  networkIn,
  portsOf,
  linksAhead,
  routeIn,
  balancingIn,
  kernelTells,
  sockets: socketsIn,
  request: getJson,
  capture: (points, onEvent, trace) => capture(engine, points, onEvent, trace),
  packets: openPackets,
  warmCapture,
  coolCapture,
  guardInstance,
  releaseInstance,
  open: openSocket,
  listenTrace,
  hold: holdFiles,
  listenState,
  cgroupPrograms: hasPrograms,
  tracefs,
  write: writeText,
  remove: removeFile,
  writeLater,
  removeLater,
  makeDirectory: makeFolder,
  lock: takeLock,
  detach: detachProgram,
  random: randomInt,
  ...realClock,
  alive: (pid, started) => startOf(pid) === started,
  uid: process.getuid?.() ?? -1,
  pid: process.pid,
  tracing,
  engine,
  started: startOf(process.pid) ?? '0',
  self: ownNamespace(),
  env: process.env,
});
