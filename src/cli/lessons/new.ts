/** `vivarium new`: a course or a lesson to begin from, which compiles and is proven as it is. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import * as v from "valibot";
import { CodedError } from "../../base/index.ts";
import { IdSchema } from "../../lessons/index.ts";
import { SCHEMAS } from "../places.ts";

/** Where a folder of courses keeps the schemas of its files, so that editors find them wherever it is cloned. */
const KEPT = ".vivarium";
const SCHEMA_FILES = ["course", "lesson", "proof", "query"].map((name) => `${name}.schema.json`);

/** The folder of schemas that files of these courses name. Undefined when there is none. */
function schemasOf(courses: string): string | undefined {
  const kept = join(courses, KEPT);
  if (existsSync(kept)) return kept;
  return resolve(courses).startsWith(dirname(SCHEMAS) + sep) ? SCHEMAS : undefined;
}

/** The first line of a YAML file, by which editors that speak to yaml-language-server find its schema. */
function schemaLine(folder: string, courses: string, name: string): string {
  const schemas = schemasOf(courses);
  if (schemas === undefined) return "";
  const path = relative(resolve(folder), join(resolve(schemas), `${name}.schema.json`));
  return `# yaml-language-server: $schema=${path.split(sep).join("/")}\n`;
}

async function keepSchemas(courses: string): Promise<string[]> {
  if (schemasOf(courses) !== undefined) return [];
  await mkdir(join(courses, KEPT), { recursive: true });
  const written = SCHEMA_FILES.map((name) => join(courses, KEPT, name));
  for (const path of written) await copyFile(join(SCHEMAS, basename(path)), path);
  return written;
}

function courseFile(id: string): string {
  return `id: ${id}
title: ${titleOf(id)}
summary: What one learns here, in a sentence.
`;
}

function lessonFile(course: string, id: string): string {
  return `---
id: ${course}/${id}
version: 1
title: ${titleOf(id)}
summary: What one learns here, in a sentence.
minutes: 1
profile: base
user: root
topics: [processes]
language: en
---

What this lesson is about, before its first step.

::::step{#first title="A process that stays"}
Say what to do, and let the learner see something happen:

\`\`\`sh run solve
sleep 1000 &
\`\`\`

\`\`\`sh run expect=/sleep/
ps
\`\`\`

:::hint
The \`&\` leaves \`sleep\` running in the background.
:::

:::check
query:
  process: {comm: sleep}
notYet:
  - when: {process: {comm: cat}}
    say: That is a \`cat\`. A \`sleep\` is wanted.
otherwise: There is no \`sleep\` yet.
:::

:::done
There it is.
:::
::::

:::proven
What was shown, in a sentence.
:::
`;
}

const PROOF = `# What goes wrong in each step, and what the learner is told then.
steps:
  first:
    nothing: There is no sleep yet
    wrong:
      - name: another program
        do: ["cat /dev/zero > /dev/null &"]
        says: That is a cat
`;

/** \`mount-proc\` as "Mount proc" */
function titleOf(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function checkedId(id: string): string {
  const parsed = v.safeParse(IdSchema, id);
  if (parsed.success) return id;
  throw new CodedError("bad-argument", `the id "${id}" ${parsed.issues[0].message}`);
}

/** @throws CodedError `bad-argument` */
function refuseExisting(folder: string): void {
  if (existsSync(folder))
    throw new CodedError("bad-argument", `${folder} is there already; nothing was written`);
}

/** Never writes over anything. @throws CodedError `bad-argument` */
async function put(folder: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  refuseExisting(folder);
  await mkdir(folder, { recursive: true });
  const written = Object.entries(files).map(([name, text]) => ({ path: join(folder, name), text }));
  for (const { path, text } of written) await writeFile(path, text, { flag: "wx" });
  return written.map(({ path }) => path);
}

/** Makes a folder for a course below a folder of courses. @returns the files that were written */
export async function newCourse(courses: string, id: string): Promise<string[]> {
  const folder = join(courses, checkedId(id));
  refuseExisting(folder);
  const schemas = await keepSchemas(courses);
  const line = schemaLine(folder, courses, "course");
  return [...(await put(folder, { "course.yaml": `${line}${courseFile(id)}` })), ...schemas];
}

/** Makes a folder for a lesson, behind those that the course has. @returns the files that were written */
export async function newLesson(course: string, id: string): Promise<string[]> {
  checkedId(id);
  if (!existsSync(join(course, "course.yaml")))
    throw new CodedError(
      "bad-argument",
      `${course} is no course: it has no course.yaml; see vivarium new course`,
    );
  const numbers = (await readdir(course)).map((name) => Number(/^(\d+)-/.exec(name)?.[1] ?? 0));
  const number = String(Math.max(0, ...numbers) + 1).padStart(2, "0");
  const folder = join(course, `${number}-${id}`);
  const line = schemaLine(folder, dirname(resolve(course)), "proof");
  const files = { "lesson.md": lessonFile(basename(resolve(course)), id), "proof.yaml": `${line}${PROOF}` };
  return put(folder, files);
}
