/** `::observation{file="pod.json" alt="…"}`: what the X-ray saw once, as a picture in the text. */
import * as v from "valibot";
import { type Observation, ObservationSchema, RECORDING } from "../../isolation/index.ts";
import type { Block, ObservationBlock } from "../index.ts";
import type { Context } from "./context.ts";
import { MAX_DRAWN, MAX_RECORDING } from "./limits.ts";
import type { Leaf } from "./markdown.ts";
import { nearestWord } from "./nearest-word.ts";

const RecordingSchema = v.object({
  format: v.literal(RECORDING.format, `must be \`${RECORDING.format}\``),
  version: v.literal(RECORDING.version, `must be ${RECORDING.version}`),
  machines: v.record(
    v.string(),
    v.pipe(
      v.array(v.unknown(), "must be a list of observations"),
      v.minLength(1, "must hold an observation"),
    ),
  ),
});

const ATTRIBUTES = ["file", "alt", "lens"];
const LENSES = ["namespaces", "cgroups"] as const;

/** The part of an observation that the picture and its table draw, which is a small part of it. */
function drawnOf(observation: Observation, lens: ObservationBlock["lens"]): Observation {
  const processes = observation.processes.map((process) => {
    // Of the kernel's threads only names are told.
    if (process.kernelThread) return { ...process, namespaces: {}, forChildren: {}, details: undefined };
    const { details } = process;
    return {
      ...process,
      details: details && {
        ...details,
        commandLine: undefined,
        threads: [],
        groups: [],
        // Whether it is another than `/` tells a root of its own.
        root: details.root === "/" ? undefined : details.root,
        cwd: undefined,
        terminal: undefined,
        tracer: undefined,
        memory: undefined,
      },
    };
  });
  const namespaces = observation.namespaces.map((one) =>
    one.kind === "mnt"
      ? {
          ...one,
          mounts: one.mounts
            .filter(({ point }) => point === "/")
            .map((mount) => ({ ...mount, options: [], superOptions: [], layers: undefined })),
        }
      : one,
  );
  const paths = processes.map(({ cgroup }) => cgroup ?? "/");
  const isLivedIn = (path: string): boolean =>
    path === "/" || paths.some((one) => one === path || one.startsWith(`${path}/`));
  const cgroups =
    lens === "cgroups"
      ? observation.cgroups
      : observation.cgroups
          .filter(({ path }) => isLivedIn(path))
          .map((one) => ({ ...one, pressure: undefined }));
  const { kernel } = observation;
  return {
    ...observation,
    processes,
    namespaces,
    cgroups,
    kernel: kernel && { ...kernel, log: [] },
    machine: undefined,
  };
}

/** "machines.machine-1.0.processes.3.pid" */
function pathOf(issue: v.BaseIssue<unknown>, above: readonly string[]): string {
  return [...above, ...(issue.path ?? []).map(({ key }) => String(key))].join(".");
}

/** The latest of each machine, checked; undefined after reporting what is wrong. */
function readMachines(
  text: string,
  file: string,
  lens: ObservationBlock["lens"],
  report: (what: string, fix: string) => void,
): ObservationBlock["machines"] | undefined {
  const refuse = (issue: v.BaseIssue<unknown>, above: readonly string[] = []): undefined => {
    const path = pathOf(issue, above) || "the whole";
    const right = issue.message.startsWith("Invalid")
      ? `must be ${issue.expected ?? "there"}`
      : issue.message;
    report(`\`${path}\` in \`${file}\` is ${issue.received}`, `It ${right}; save the X-ray as JSON anew`);
  };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    report(`\`${file}\` is no JSON: ${why}`, "Save the X-ray as JSON anew");
    return undefined;
  }
  const isAlone = typeof data === "object" && data !== null && "processes" in data;
  const recording = v.safeParse(
    RecordingSchema,
    isAlone ? { ...RECORDING, machines: { machine: [data] } } : data,
  );
  if (!recording.success) return refuse(recording.issues[0]);
  const machines: { name: string; observation: Observation }[] = [];
  for (const [name, all] of Object.entries(recording.output.machines)) {
    const at = isAlone ? [] : ["machines", name, String(all.length - 1)];
    const parsed = v.safeParse(ObservationSchema, all.at(-1), { abortEarly: true });
    if (!parsed.success) return refuse(parsed.issues[0], at);
    machines.push({ name, observation: drawnOf(parsed.output, lens) });
  }
  if (machines.length > 0) return machines;
  report(`\`${file}\` holds no machine`, "Save the X-ray as JSON anew");
  return undefined;
}

export function compileObservation(node: Leaf, context: Context): Block[] {
  const place = node.position?.start;
  const report = (what: string, fix: string): void => context.problems.report(place, what, fix);
  const attributes = node.attributes ?? {};
  for (const name of Object.keys(attributes).filter((one) => !ATTRIBUTES.includes(one))) {
    const near = nearestWord(name, ATTRIBUTES);
    report(
      `::observation has no \`${name}\``,
      near === undefined ? `It may have ${ATTRIBUTES.join(", ")}` : `Write \`${near}\``,
    );
  }
  const { file = "", alt = "", lens: wanted = "namespaces" } = attributes;
  const lens = LENSES.find((one) => one === wanted);
  if (lens === undefined) report(`there is no lens \`${wanted ?? ""}\``, `Use ${LENSES.join(" or ")}`);
  if (alt === null || alt === "")
    report(
      "the observation has no words for who cannot see it",
      'Write ::observation{file="…" alt="what it shows"}',
    );
  const found = file === null ? undefined : context.readBeside(file, place);
  if (found === undefined) {
    report(`there is no file \`${file ?? ""}\` to draw`, "Name one of this course, relative to this file");
    return [];
  }
  if (found.text.length > MAX_RECORDING) {
    report(`\`${found.file}\` is longer than 32 MiB`, "Save less of it");
    return [];
  }
  const machines = readMachines(found.text, found.file, lens ?? "namespaces", report);
  if (machines === undefined || lens === undefined || typeof alt !== "string") return [];
  const size = JSON.stringify(machines).length;
  if (size > MAX_DRAWN) {
    report(
      `what is drawn of \`${found.file}\` takes ${Math.ceil(size / 1024)} KiB`,
      `Record a smaller situation; ${MAX_DRAWN / 1024} KiB are the most, and each process takes about one`,
    );
  }
  return [{ type: "observation", machines, lens, alternative: alt }];
}
