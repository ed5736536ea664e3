/** One word of a shell script, whatever is in it. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The start of a command that root gives and learner runs. Unlike su it becomes the command, so `$!` is its process. */
export const LEARNER = "setpriv --reuid 1000 --regid 1000 --clear-groups";

/** A function for guest scripts. */
export const WITHIN = `
# within COMMAND…: waits until the command succeeds, at most 15 s.
within() {
  local end=$((SECONDS + 15))
  until "$@"; do
    if ((SECONDS >= end)); then echo "waited in vain for: $*" >&2; exit 1; fi
    sleep 0.02
  done
}
`;
