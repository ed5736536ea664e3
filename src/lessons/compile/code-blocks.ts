import { type Block, type FileBlock, KEYS, type KeyName, SignalSourceSchema } from "../index.ts";
import type { Context } from "./context.ts";
import { parseFence } from "./fence.ts";
import type { Code } from "./markdown.ts";
import { nearestWord } from "./nearest-word.ts";
import { readYaml } from "./yaml-data.ts";

const WORDS = {
  run: "word",
  copy: "word",
  in: "value",
  solve: "word",
  stays: "word",
  typed: "word",
  expect: "value",
} as const;
const SIGNAL_WORDS = { solve: "word" } as const;
const KEY_WORDS = { in: "value", solve: "word", stays: "word", expect: "value" } as const;
const FILE_WORDS = {
  file: "value",
  mode: "value",
  user: "value",
  on: "value",
  write: "value",
  solve: "word",
} as const;
const DRAWING_WORDS = { alt: "value" } as const;

/** A regular expression that a run block's output has to fit; reports one that is none, or that fits everything. */
function checkedExpectation(pattern: string | undefined, node: Code, context: Context): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    if (!new RegExp(pattern, "mu").test("")) return pattern;
    context.problems.report(
      node.position?.start,
      `expect=/${pattern}/ fits an empty output too, so it proves nothing`,
      "Write what the prose claims, such as expect=/^root$/",
    );
  } catch (error) {
    context.problems.report(
      node.position?.start,
      `expect=/${pattern}/ is no regular expression: ${error instanceof Error ? error.message : ""}`,
      "Correct it; its flags are m and u",
    );
  }
  return undefined;
}

function compileFile(node: Code, context: Context): Block[] {
  const { problems } = context;
  const place = node.position?.start;
  const { words, values } = parseFence(context.fenceOf(node), FILE_WORDS, place, problems);
  const path = values.get("file") ?? "";
  const mode = values.get("mode") ?? "644";
  const write = values.get("write") ?? "click";
  const user = values.get("user") ?? "root";
  if (!path.startsWith("/") || path.includes("\0"))
    problems.report(place, `\`${path}\` is no absolute path`, "Begin it with /");
  if (!/^[0-7]{3,4}$/.test(mode))
    problems.report(place, `\`${mode}\` is no mode of a file`, "Write it as mode=755");
  if (write !== "click" && write !== "start")
    problems.report(place, `a file is not written at \`${write}\``, "Use write=click or write=start");
  if (user !== "root" && user !== "learner")
    problems.report(place, `there is no user \`${user}\``, "Use user=root or user=learner");
  const machine = values.get("on");
  const block: FileBlock = {
    type: "file",
    language: node.lang ?? "",
    path,
    // An editor ends a file with a line's end, and so does this.
    text: `${node.value}\n`,
    mode: Number.parseInt(mode, 8),
    user,
    ...(machine === undefined ? {} : { machine: context.machine(machine, place) }),
    write: write === "start" ? "start" : "click",
    solves: words.has("solve"),
  };
  return [block];
}

function keyName(text: string): KeyName | undefined {
  return Object.keys(KEYS).find((name): name is KeyName => name.toLowerCase() === text.trim().toLowerCase());
}

function compileKeys(node: Code, context: Context): Block[] {
  const place = node.position?.start;
  const { words, values } = parseFence(context.fenceOf(node), KEY_WORDS, place, context.problems);
  const keys = keyName(node.value);
  if (keys === undefined) {
    context.problems.report(
      place,
      `there are no keys \`${node.value.slice(0, 20)}\``,
      `There are ${Object.keys(KEYS).join(", ")}`,
    );
    return [];
  }
  const terminal = values.get("in");
  const expect = checkedExpectation(values.get("expect"), node, context);
  return [
    {
      type: "keys",
      keys,
      solves: words.has("solve"),
      stays: words.has("stays"),
      ...(terminal === undefined ? {} : { terminal: context.terminal(terminal, place) }),
      ...(expect === undefined ? {} : { expect }),
    },
  ];
}

function compileDrawing(node: Code, context: Context): Block[] {
  const place = node.position?.start;
  const { values } = parseFence(context.fenceOf(node), DRAWING_WORDS, place, context.problems);
  const alternative = values.get("alt");
  if (alternative === undefined) {
    context.problems.report(
      place,
      "the drawing has no words for who cannot see it",
      'Write ```drawing alt="what it shows"',
    );
  }
  return [{ type: "drawing", text: node.value, alternative: alternative ?? "" }];
}

/** A line that the shell would not take as one whole command: an open quote, or an operator at its end. */
function openEnd(line: string): string | undefined {
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (c === "\\" && quote !== "'") i++;
    else if (quote === "" && (c === "'" || c === '"')) quote = c;
    else if (c === quote) quote = "";
  }
  if (quote !== "") return `has a ${quote} that is not closed`;
  return /(\||&&|\\)\s*$/.test(line) ? "goes on after its end" : undefined;
}

function compileRun(node: Code, context: Context): Block[] {
  const { problems } = context;
  const place = node.position?.start;
  const { words, values } = parseFence(context.fenceOf(node), WORDS, place, problems);
  const isRun = words.has("run");
  if (!isRun) {
    for (const word of [...words, ...values.keys()].filter((one) => one !== "copy"))
      problems.report(
        place,
        `\`${word}\` makes sense in a run block only`,
        "Write ```sh run, or leave it out",
      );
    const use = words.has("copy") ? "copy" : "show";
    return [{ type: "code", language: node.lang ?? "", text: node.value, use }];
  }
  const open = openEnd(node.value);
  if (node.value.trim() === "") problems.report(place, "a run block is empty", "Write the command in it");
  else if (node.value.includes("\n"))
    problems.report(
      place,
      "a run block has several lines",
      "Write one line; each line to run gets a block of its own",
    );
  else if (open !== undefined)
    problems.report(place, `the command ${open}`, "Write a whole command, as the shell reads it");
  const terminal = values.get("in");
  const expect = checkedExpectation(values.get("expect"), node, context);
  return [
    {
      type: "run",
      language: node.lang ?? "",
      text: node.value,
      solves: words.has("solve"),
      stays: words.has("stays"),
      ...(words.has("typed") ? { typed: true } : {}),
      ...(terminal === undefined ? {} : { terminal: context.terminal(terminal, place) }),
      ...(expect === undefined ? {} : { expect }),
    },
  ];
}

function compilePower(node: Code, context: Context): Block[] {
  const place = node.position?.start;
  const { words } = parseFence(context.fenceOf(node), { solve: "word" }, place, context.problems);
  return [{ type: "power", machine: context.machine(node.value.trim(), place), solves: words.has("solve") }];
}

function compileSignal(node: Code, context: Context): Block[] {
  const { problems } = context;
  const place = node.position?.start;
  const { words } = parseFence(context.fenceOf(node), SIGNAL_WORDS, place, problems);
  const start = { line: (place?.line ?? 1) + 1, column: 1 };
  const data = readYaml(node.value, start, SignalSourceSchema, "the `signal` block", problems);
  if (data === undefined) return [];
  const { send, to, on } = data.value;
  return [
    {
      type: "signal",
      signal: send,
      to,
      ...(on === undefined ? {} : { machine: context.machine(on, data.placeOf(["on"])) }),
      solves: words.has("solve"),
    },
  ];
}

const LANGUAGES = ["drawing", "keys", "power-on", "signal", "when"];

/** A fenced block: code, a command, keys, a signal, a file or a drawing. */
export function compileCode(node: Code, context: Context): Block[] {
  const language = node.lang ?? "";
  if (language === "drawing") return compileDrawing(node, context);
  if (language === "keys") return compileKeys(node, context);
  if (language === "power-on") return compilePower(node, context);
  if (language === "signal") return compileSignal(node, context);
  if (language === "when") {
    context.problems.report(
      node.position?.start,
      "a `when` block stands first in a :::hint only",
      "Move it there",
    );
    return [];
  }
  const near = LANGUAGES.find((one) => one !== language && nearestWord(language, [one]) !== undefined);
  if (near !== undefined && language.length > 3)
    context.problems.report(
      node.position?.start,
      `\`${language}\` is no language of a code block`,
      `Write \`${near}\``,
    );
  return /(^|\s)file=/.test(context.fenceOf(node)) ? compileFile(node, context) : compileRun(node, context);
}
