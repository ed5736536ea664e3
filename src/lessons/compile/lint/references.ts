/** What a lesson points to: manual pages and addresses. */
import { nearestWord } from "../nearest-word.ts";

export interface Reference {
  readonly offset: number;
  readonly target: string;
}

const MAN = /:man\[([a-zA-Z0-9_.+-]+\([0-9][a-z]*\))\]/g;
const LINK = /\]\(((?:[^()\s]|\([^()\s]*\))+)[^)]*\)|<(https?:[^>\s]+)>/g;
/** How a lesson links to another one. */
const TO_LESSON = /^\.?\/?\?lesson=([^&#]*)$/;

/** Code spans and fenced blocks show such things; they do not mean them. */
function withoutCode(text: string): string {
  const blank = (code: string): string => code.replaceAll(/[^\n]/g, " ");
  return text
    .replaceAll(/^[ \t>]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?^[ \t>]*\1[`~]*[ \t]*$/gm, blank)
    .replaceAll(/(`+)[^`\n]+\1/g, blank);
}

export function manReferences(text: string): Reference[] {
  return [...withoutCode(text).matchAll(MAN)].map((hit) => ({ offset: hit.index, target: hit[1] ?? "" }));
}

export function linkReferences(text: string): Reference[] {
  return [...withoutCode(text).matchAll(LINK)].map((hit) => {
    const target = hit[1] ?? hit[2] ?? "";
    return { offset: hit.index + hit[0].indexOf(target), target };
  });
}

/** The page that was probably meant: the same name in another section, or a name like it. */
export function nearestPage(page: string, pages: ReadonlySet<string>): string | undefined {
  const name = page.slice(0, page.indexOf("("));
  const same = [...pages].find((one) => one.startsWith(`${name}(`));
  if (same !== undefined || name.length < 4) return same;
  const names = [...pages].filter((one) => Math.abs(one.length - page.length) <= 2);
  const near = nearestWord(page, names);
  // As many wrong letters as a slip has: `umount` is not meant by `uname`.
  return near !== undefined && near[0] === page[0] && near.slice(-3) === page.slice(-3) ? near : undefined;
}

export interface DeadLink {
  readonly what: string;
  readonly fix: string;
}

/** What is wrong with an address, as far as can be said without asking for it. */
export function deadLink(target: string, lessons: readonly string[]): DeadLink | undefined {
  const lesson = TO_LESSON.exec(target)?.[1];
  if (lesson !== undefined) {
    if (lessons.includes(lesson)) return undefined;
    const near = nearestWord(lesson, lessons);
    return {
      what: `the link leads to \`${lesson}\`, and there is no such lesson`,
      fix: near === undefined ? `There are ${lessons.slice(0, 8).join(", ")}` : `Write ./?lesson=${near}`,
    };
  }
  if (!target.startsWith("https://"))
    return {
      what: `the page has no file \`${target}\`, so the link leads nowhere`,
      fix: "Link to an https:// address, or to a lesson as ./?lesson=course/lesson",
    };
  let host;
  try {
    ({ hostname: host } = new URL(target));
  } catch {
    return { what: `\`${target}\` is no address`, fix: "Write it as a browser shows it" };
  }
  return /^([a-z0-9-]+\.)+[a-z][a-z0-9-]+$/.test(host) && !host.endsWith(".localhost")
    ? undefined
    : { what: `nobody but you can reach \`${host}\``, fix: "Link to a host that has a name of its own" };
}
