/** One word of a shell script, whatever is in it. */
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The start of a command that root gives and learner runs. Unlike su it becomes the command, so `$!` is its process. */
export const LEARNER = "setpriv --reuid 1000 --regid 1000 --clear-groups";
