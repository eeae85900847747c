#!/bin/bash
# Waits until a process has bound a socket: bound PID. Exit 1 where it has not after 20 seconds.
for _ in {1..400}; do
  ss --no-header --tcp --udp --raw --listening --numeric --processes | grep -q "pid=$1," && exit 0
  sleep 0.05
done
echo "process $1 has bound no socket" >&2
exit 1
