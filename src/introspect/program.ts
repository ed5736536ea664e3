import type { NamespaceId } from "../isolation/index.ts";
import { pathFrom, placeAt } from "./paths.ts";
import type { Reading } from "./reading.ts";
import { readUser } from "./user-memory.ts";

const TEXT = new TextDecoder();
/** Linux takes longer ones; the rest of so long a line helps nobody. */
const LONGEST = 4096;

/** What is slow to read of a process, and seldom changes: kept from one reading to the next. */
export interface Program {
  readonly commandLine: readonly string[] | undefined;
  readonly root: string | undefined;
  readonly cwd: string | undefined;
  readonly procMount: NamespaceId | undefined;
}

/** Its words, through its own page tables; undefined if a page is not in RAM. */
function commandLine(reading: Reading, mm: number): readonly string[] | undefined {
  if (mm === 0) return undefined;
  const { memory, kernel } = reading;
  const start = memory.u32(mm + kernel.mm.arg_start);
  const length = Math.min(memory.u32(mm + kernel.mm.arg_end) - start, LONGEST);
  if (length <= 0) return undefined;
  const bytes = readUser(reading, memory.u32(mm + kernel.mm.pgd), start, length);
  if (bytes === undefined) return undefined;
  const words = TEXT.decode(bytes).split("\0");
  // The last word ends with a NUL too.
  if (words.at(-1) === "") words.pop();
  return words;
}

/** @param task The address of its `task_struct`. */
export function readProgram(reading: Reading, task: number, procMount: NamespaceId | undefined): Program {
  const { memory, kernel } = reading;
  const fs = memory.u32(task + kernel.task.fs);
  const words = commandLine(reading, memory.u32(task + kernel.task.mm));
  if (fs === 0) return { commandLine: words, root: undefined, cwd: undefined, procMount };
  const root = placeAt(reading, fs + kernel.fs.root);
  return {
    commandLine: words,
    root: pathFrom(reading, root),
    cwd: pathFrom(reading, placeAt(reading, fs + kernel.fs.pwd), root),
    procMount,
  };
}
