/** `vivarium new`: a course or a lesson to begin from, which compiles and is proven as it is. */
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as v from "valibot";
import { CodedError } from "../../base/index.ts";
import { IdSchema } from "../../lessons/index.ts";

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

/** Never writes over anything. @throws CodedError \`bad-argument\` */
async function put(folder: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  if (existsSync(folder))
    throw new CodedError("bad-argument", `${folder} is there already; nothing was written`);
  await mkdir(folder, { recursive: true });
  const written = Object.entries(files).map(([name, text]) => ({ path: join(folder, name), text }));
  for (const { path, text } of written) await writeFile(path, text, { flag: "wx" });
  return written.map(({ path }) => path);
}

/** Makes a folder for a course below a folder of courses. @returns the files that were written */
export async function newCourse(courses: string, id: string): Promise<string[]> {
  return put(join(courses, checkedId(id)), { "course.yaml": courseFile(id) });
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
  const files = { "lesson.md": lessonFile(basename(course), id), "proof.yaml": PROOF };
  return put(join(course, `${number}-${id}`), files);
}
