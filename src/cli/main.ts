/** The `vivarium` command. */
import { parseArgs } from "node:util";
import { asCodedError, CodedError, describe } from "../base/index.ts";
import { putAssets } from "./assets.ts";
import { parseCopy } from "./copy.ts";
import { ensureManuals } from "./make-manual.ts";
import { ensureSnapshots } from "./make-snapshot.ts";
import { isCheckout, LIBRARY } from "./places.ts";
import { readReleaseIn } from "./profiles.ts";
import { run } from "./run.ts";

const USAGE = `vivarium runs real Linux machines.

  vivarium run [OPTION]… -- COMMAND…   run a command in a fresh machine
  vivarium snapshot [--ensure]         make the snapshots that machines start from
  vivarium manual                      set the machines' manual pages, which the page shows beside the terminal
  vivarium report [--profile NAME] [--json]
                                       say what artifacts and snapshots are made of
  vivarium assets [--profile NAME]… DIR
                                       put what a page has to serve for its machines into a folder
  vivarium test [OPTION]… [LESSON…]    prove lessons on the real guest: all, or by id, course or path
  vivarium new course FOLDER ID        begin a course in a folder of courses
  vivarium new lesson COURSE ID        begin a lesson in the folder of a course
  vivarium lint [--json] [--links] [LESSON…]
                                       say what is wrong with lessons, and what could be better
  vivarium dev [OPTION]… DIR           show a course, or a folder of courses, in the browser as it is written
  vivarium build [--out OUT] DIR       write a static site with just these courses

Options of run:
  --profile NAME       what the machine is made from (base)
  --memory MIB         its memory; another than the profile's own boots cold
  --user NAME          who runs the command: root (the default) or learner
  --copy-in SRC:DST    put a file or folder into the machine first (may be repeated)
  --copy-out SRC:DST   fetch a file or folder afterwards (may be repeated)
  --timeout SECONDS    stop the command then, with exit code 124
  --firmware           boot from firmware instead of from the snapshot
  --tty                an interactive terminal; without COMMAND a login shell
  --json               print one JSON object with status, stdout and stderr
  --help               this text

Options of test:
  --mutate             drop each command of each solution in turn, and want the step not to hold then
  --jobs N             so many lessons at a time (one for each processor)
  --json               print one JSON object for each lesson
  --verbose            tell of each trial as it ends
  --junit FILE         write a JUnit report
  --courses DIR        where the courses are (the folder above that has some)

Options of dev:
  --port N             4174, or the next that is free, if not given; 0 takes any
  --host H             127.0.0.1 if not given; 0.0.0.0 shows it to the whole network

Options of build:
  --out OUT            the site's folder (site)
  --profile NAME       what machines are made from, beside what the lessons name (may be repeated)
  --policy             write the content security policy into the page, for a host that sends no headers

The exit code is the command's own; 128 + N when signal N ended it; 125 when the machine failed.
`;

const MACHINE_FAILED = 125;

function positive(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new CodedError("bad-argument", `${option} wants a number above 0, not "${text}"`);
}

async function runVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      profile: { type: "string", default: "base" },
      memory: { type: "string" },
      user: { type: "string", default: "root" },
      "copy-in": { type: "string", multiple: true, default: [] },
      "copy-out": { type: "string", multiple: true, default: [] },
      timeout: { type: "string" },
      json: { type: "boolean", default: false },
      firmware: { type: "boolean", default: false },
      tty: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (positionals.length === 0 && !values.tty) {
    throw new CodedError("bad-argument", "there is no command to run; see vivarium --help");
  }
  return run({
    profile: values.profile,
    memory: positive(values.memory, "--memory"),
    user: values.user,
    copyIn: values["copy-in"].map(parseCopy),
    copyOut: values["copy-out"].map(parseCopy),
    timeout: positive(values.timeout, "--timeout"),
    json: values.json,
    firmware: values.firmware,
    tty: values.tty,
    command: positionals,
  });
}

async function snapshotVerb(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { ensure: { type: "boolean", default: false } } });
  await ensureSnapshots((line) => void process.stdout.write(`${line}\n`), !values.ensure);
  return 0;
}

async function reportVerb(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { profile: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const { report } = await import("./report/report.ts");
  process.stdout.write(
    await report(values.profile, values.json, (line) => void process.stderr.write(`vivarium: ${line}\n`)),
  );
  return 0;
}

async function assetsVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { profile: { type: "string", multiple: true, default: [] } },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new CodedError("bad-argument", "vivarium assets wants one folder; see vivarium --help");
  }
  const tell = (line: string): void => void process.stderr.write(`vivarium: ${line}\n`);
  await putAssets(
    isCheckout ? await ensureSnapshots(tell) : await readReleaseIn(LIBRARY),
    values.profile,
    folder,
  );
  return 0;
}

async function testVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      mutate: { type: "boolean", default: false },
      jobs: { type: "string" },
      json: { type: "boolean", default: false },
      junit: { type: "string" },
      verbose: { type: "boolean", default: false },
      courses: { type: "string", default: "." },
    },
  });
  const { testLessons } = await import("./lessons/test-lessons.ts");
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new CodedError("aborted", "interrupted")));
  const holds = await testLessons({
    folder: values.courses,
    lessons: positionals,
    mutate: values.mutate,
    json: values.json,
    verbose: values.verbose,
    junit: values.junit,
    jobs: positive(values.jobs, "--jobs"),
    print: (line) => void process.stdout.write(`${line}\n`),
    signal: stop.signal,
  });
  return holds ? 0 : 1;
}

async function lintVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      courses: { type: "string", default: "." },
      json: { type: "boolean", default: false },
      links: { type: "boolean", default: false },
    },
  });
  const { lint } = await import("./lessons/lint.ts");
  const isClean = await lint({
    folder: values.courses,
    lessons: positionals,
    json: values.json,
    ask: values.links ? fetch : undefined,
    print: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`vivarium: ${line}\n`),
  });
  return isClean ? 0 : 1;
}

async function newVerb([what, where, id, ...more]: readonly string[]): Promise<number> {
  const { newCourse, newLesson } = await import("./lessons/new.ts");
  const make = what === "course" ? newCourse : what === "lesson" ? newLesson : undefined;
  if (make === undefined || where === undefined || id === undefined || more.length > 0) {
    throw new CodedError("bad-argument", "vivarium new wants: course FOLDER ID, or lesson COURSE-FOLDER ID");
  }
  for (const path of await make(where, id)) process.stdout.write(`${path}\n`);
  return 0;
}

/** The one folder that a command is about. */
function oneFolder(verb: string, [folder, ...more]: readonly string[]): string {
  if (folder !== undefined && more.length === 0) return folder;
  const what = "a course, or a folder of courses";
  throw new CodedError("bad-argument", `vivarium ${verb} wants one folder: ${what}; see vivarium --help`);
}

async function devVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { port: { type: "string" }, host: { type: "string", default: "127.0.0.1" } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new CodedError("bad-argument", `--port wants a number from 0 to 65535, not "${values.port}"`);
  const courses = oneFolder("dev", positionals);
  const { serveCourses } = await import("./site/dev.ts");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  await serveCourses({ courses, port, host: values.host, print, signal: stop.signal });
  return 0;
}

async function buildVerb(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      out: { type: "string", default: "site" },
      profile: { type: "string", multiple: true, default: [] },
      policy: { type: "boolean", default: false },
    },
  });
  const courses = oneFolder("build", positionals);
  const { buildSite } = await import("./site/build-site.ts");
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const { out, profile: profiles, policy: hasPolicy } = values;
  return (await buildSite({ courses, out, profiles, hasPolicy, print })) ? 0 : 1;
}

async function main([verb, ...rest]: readonly string[]): Promise<number> {
  switch (verb) {
    case "run":
      return runVerb(rest);
    case "snapshot":
      return snapshotVerb(rest);
    case "manual":
      await ensureManuals((line) => void process.stdout.write(`${line}\n`));
      return 0;
    case "report":
      return reportVerb(rest);
    case "assets":
      return assetsVerb(rest);
    case "test":
      return testVerb(rest);
    case "lint":
      return lintVerb(rest);
    case "dev":
      return devVerb(rest);
    case "build":
      return buildVerb(rest);
    case "new":
      return newVerb(rest);
    case undefined:
    case "help":
    case "--help":
      process.stdout.write(USAGE);
      return 0;
    default:
      throw new CodedError("bad-argument", `there is no command "${verb}"; see vivarium --help`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, cause } = asCodedError(error);
  process.stderr.write(`vivarium: ${message}${cause === undefined ? "" : ` (${describe(cause)})`}\n`);
  process.exitCode = MACHINE_FAILED;
}
