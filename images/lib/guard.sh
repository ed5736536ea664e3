# shellcheck shell=bash
# Keeps an interrupted or a doubled run from doing harm; sourced by the commands, after common.sh.

# What an interruption leaves behind, in words; each command sets its own.
kept="nothing was changed"
group=

# Runs a program, with all that it starts, as one process group, which an interruption ends as a whole.
in_group() {
  local status=0
  set -m
  "$@" &
  group=$!
  set +m
  wait "$group" || status=$?
  group=
  return "$status"
}

# Whoever does not end within five seconds is killed.
end_group() {
  local tries=0
  kill -TERM -- "-$group" 2> /dev/null || return 0
  while kill -0 -- "-$group" 2> /dev/null; do
    ((++tries <= 50)) || { kill -KILL -- "-$group" || true; return 0; }
    sleep 0.1
  done
}

interrupted() { # EXIT_STATUS
  uninterruptible
  [[ -z $group ]] || end_group
  say "interrupted; $kept"
  exit "$1"
}
trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM

# From here on only renames follow; a signal comes too late.
uninterruptible() { trap '' HUP INT TERM; }

# Only one command at a time changes or compares the artifacts of this directory. The lock is on the directory itself, so that
# nothing is left behind, and is held as long as anything that was started here lives.
hold_artifacts() {
  exec 9< "$images"
  flock -n 9 || die "another of these commands is at work in $images; $kept"
}
