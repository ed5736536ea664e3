import { WITHIN } from "./shell.ts";

/**
 * The beginning of a guest script that tries control groups: it stands in `PARENT/test`, an empty group with all
 * controllers for its children, and whatever the script leaves there is killed and removed when it ends.
 */
export const inTestGroup = (parent: string): string => `
set -euo pipefail
root=${parent}/test
mkdir $root
cd $root
echo "+cpu +memory +io +pids" >../cgroup.subtree_control
echo "+cpu +memory +io +pids" >cgroup.subtree_control
# Who measures goes before who is measured.
echo 1 >cpu.weight

# Whoever reads a program first is charged for its text. The hungry tail of the tests shall not be: at its limit it would
# spend its time on fetching its own pages, again and again, before the kernel gives up on it.
tail -n 1 /proc/self/cgroup >/dev/null

${WITHIN}
# at_least MIB FILE: whether the file says so much. event FILE NAME NUMBER: whether its line NAME does.
at_least() { [ "$(<"$2")" -ge $(($1 << 20)) ]; }
event() { grep -q "^$2 $3$" "$1"; }
# tasks GROUP NUMBER: whether so many are in the group itself. empty GROUP: whether none is below it either.
tasks() { [ "$(wc -l <$1/cgroup.procs)" = $2 ]; }
empty() { event $1/cgroup.events populated 0; }

# move GROUP: into the group goes the (sub)shell that says this.
move() { echo $BASHPID >$root/$1/cgroup.procs; }
# enter GROUP COMMAND…: a subshell becomes the command, in the group.
enter() { move $1; shift; exec "$@"; }
hog() { move $1; while :; do :; done; }
# ended PID: says how a child of this shell ended.
ended() {
  local code=0
  wait $1 || code=$?
  if ((code > 128)); then echo signal $((code - 128)); else echo exited $code; fi
}

# shares SECONDS GROUP…: the per mille of the CPU that each group had in that time, by the guest's own clock.
shares() {
  local seconds=$1 group start span used; shift
  local -A before
  start=\${EPOCHREALTIME/./}
  for group; do read -r _ before[$group] <$group/cpu.stat; done
  sleep $seconds
  span=$((\${EPOCHREALTIME/./} - start))
  for group; do read -r _ used <$group/cpu.stat; printf '%d ' $(((used - before[$group]) * 1000 / span)); done
}

# stalled FILE some|full: microseconds of pressure so far.
stalled() { sed -n "s/^$2 .*total=//p" $1; }

leave() {
  cd /
  echo 1 >$root/cgroup.kill
  # A killed task leaves its group a moment after it is dead.
  within empty $root
  find $root -depth -type d -exec rmdir {} +
}
trap leave EXIT
`;

export const IN_TEST_GROUP = inTestGroup("/sys/fs/cgroup");

/** The numbers in what a script printed, in order. */
export const numbers = (output: string): number[] => (output.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
