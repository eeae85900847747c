#!/usr/bin/env node
// The lab's client: ask tcp|udp ADDRESS PORT [get|big|up] [SECONDS] [SOURCE PORT]. Exit 0 when it was answered.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

const [kind, address, port, how = 'get', seconds = '2', sourcePort] = process.argv.slice(2);
const questions = { get: 'GET\n', big: 'BIG\n', up: `UP 60000\n${'y'.repeat(60_000)}` };
setTimeout(() => stop('timed out'), Number(seconds) * 1000);
kind === 'udp' ? askUdp() : askTcp();

function stop(complaint) {
  process.stdout.write(`${complaint ?? 'ok'}\n`);
  process.exit(complaint === undefined ? 0 : 1);
}

function askTcp() {
  let bytes = 0;
  const socket = connect({
    host: address,
    port: Number(port),
    ...(sourcePort && { localPort: Number(sourcePort) }),
  });
  socket.on('connect', () => socket.write(questions[how]));
  socket.on('data', (more) => {
    bytes += more.length;
  });
  socket.on('error', (error) => stop(error.code));
  socket.on('end', () => {
    if (bytes === 0) return stop('empty reply');
    stop(how === 'big' && bytes < 60_000 ? `only ${bytes} bytes` : undefined);
  });
}

function askUdp() {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', (error) => stop(error.code));
  socket.on('message', () => stop());
  const send = () => socket.connect(Number(port), address, () => socket.send('q'.repeat(40)));
  sourcePort ? socket.bind(Number(sourcePort), send) : send();
}
