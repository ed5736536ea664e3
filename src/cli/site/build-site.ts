/** `vivarium build`: the page with some courses, as files for any static host. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CONTENT_SECURITY_POLICY } from "../../../tools/serve.mjs";
import { CodedError } from "../../base/index.ts";
import {
  type CompiledCourse,
  compileCourses,
  courseFiles,
  hasCourses,
  LessonError,
  withCourses,
} from "../../lessons/compile/index.ts";
import { profileOf, USUAL_PROFILE } from "../../machine/index.ts";
import { putAssets } from "../assets.ts";
import { readReleaseIn } from "../profiles.ts";
import { findCourses } from "./find-courses.ts";
import { filesIn, isPage, requirePage } from "./page.ts";
import { releaseFiles, SERVICE_WORKER, SERVICE_WORKER_CODE } from "./release-files.ts";

export interface BuildOptions {
  readonly courses: string;
  readonly out: string;
  /** Those that go there beside the ones that the lessons name. */
  readonly profiles: readonly string[];
  /** Write the policy into the page, for a host that sends no headers. */
  readonly hasPolicy: boolean;
  readonly print: (line: string) => void;
}

/** Folders of a site that hold nothing else: what is left of an earlier build goes. */
const OWN = ["about", "assets", "courses", "man", "store"];
/** Files of the page that are not copied into a site: it has its own, made of them. */
const MADE_ANEW = new Set(["release.json", SERVICE_WORKER, SERVICE_WORKER_CODE]);

/** @throws CodedError `bad-argument` when there is something in the folder that no build has put there */
function refuseForeign(out: string): void {
  if (!existsSync(out)) return;
  try {
    if (readdirSync(out).length === 0) return;
  } catch (error) {
    throw new CodedError("bad-argument", `${out} is no folder that can be written to`, { cause: error });
  }
  const index = join(out, "index.html");
  if (existsSync(index) && hasCourses(readFileSync(index, "utf8"))) return;
  const fix = "name another with --out, or empty it";
  throw new CodedError("bad-argument", `${out} holds something else than a site that vivarium built; ${fix}`);
}

/** The courses; undefined after saying what is wrong with them. */
function compiled({ courses, print }: BuildOptions): readonly CompiledCourse[] | undefined {
  const { folder, only } = findCourses(courses);
  try {
    return compileCourses(folder, process.cwd(), only);
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    print(error.message);
    return undefined;
  }
}

/** The page with its policy as its first word. Not `embed.html`: in an opaque origin such a policy would lock it out. */
function withPolicy(html: string): string {
  // What may have the page in a frame can be said by a header only.
  const policy = CONTENT_SECURITY_POLICY.replace(/frame-ancestors [^;]*; /, "");
  const element = `<meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  return html.replace('<meta charset="utf-8" />', (charset) => `${charset}\n    ${element}`);
}

async function put(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/**
 * Writes the site; into a folder that has an earlier one only what is new, and the pages last.
 * @returns Whether the courses are right; if not, it has said what is wrong, and the folder is as it was.
 * @throws CodedError `bad-argument`, `asset-missing`, `profile-unknown`, `manifest-invalid`
 */
export async function buildSite(options: BuildOptions): Promise<boolean> {
  const { out, print } = options;
  const courses = compiled(options);
  if (courses === undefined) return false;
  const lessons = courses.flatMap((course) => course.lessons.map(({ lesson }) => lesson));
  if (lessons.length === 0)
    throw new CodedError("bad-argument", `${options.courses} holds no lesson; see vivarium new lesson`);
  const page = requirePage();
  refuseForeign(out);

  const { index, files } = courseFiles(courses);
  const profiles = new Set([USUAL_PROFILE, ...options.profiles, ...lessons.map(({ profile }) => profile)]);
  const release = await readReleaseIn(page);
  const store = await putAssets(release, [...profiles], out);
  const pages: string[] = [];
  const others: string[] = [];
  for (const file of filesIn(page)) if (!MADE_ANEW.has(file)) (isPage(file) ? pages : others).push(file);
  for (const file of others) {
    await mkdir(dirname(join(out, file)), { recursive: true });
    await copyFile(join(page, file), join(out, file));
  }
  for (const [file, text] of files) await put(join(out, file), text);
  const made = releaseFiles({
    folder: out,
    files: [...others.filter((file) => !file.endsWith(".map")), ...files.keys()],
    pages: new Map(
      pages.map((file) => {
        const html = withCourses(readFileSync(join(page, file), "utf8"), index);
        return [file, options.hasPolicy && file === "index.html" ? withPolicy(html) : html];
      }),
    ),
    profiles: Object.fromEntries([...profiles].map((name) => [name, profileOf(release, name)])),
    store,
    code: readFileSync(join(page, SERVICE_WORKER_CODE), "utf8"),
  });
  for (const [file, text] of made) await put(join(out, file), text);

  const stored = [...store.values()].flat().map(([name]) => `store/${name}`);
  const wanted = new Set([...others, ...files.keys(), ...stored]);
  const there = OWN.flatMap((folder) => filesIn(join(out, folder)).map((file) => `${folder}/${file}`));
  for (const file of there) if (!wanted.has(file)) await rm(join(out, file));
  const sizes = await Promise.all(filesIn(out).map(async (file) => (await stat(join(out, file))).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  print(
    `${out}: ${lessons.length} ${lessons.length === 1 ? "lesson" : "lessons"}, ${megabytes.toFixed(0)} MB, for any static host`,
  );
  return true;
}
