/** The built page, which comes without courses and without the store. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { CodedError } from "../../base/index.ts";
import { isCheckout, PAGE } from "../places.ts";

/** @throws CodedError `asset-missing` */
export function requirePage(): string {
  if (existsSync(join(PAGE, "index.html"))) return PAGE;
  const fix = isCheckout ? "npm run build makes it" : "install the package anew";
  throw new CodedError("asset-missing", `the page is not there; ${fix}`);
}

/** The files below a folder, by their paths in it, with `/`; none when there is no folder. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

/** What is a page, and gets the list of courses. */
export function isPage(file: string): boolean {
  return /^[^/]+\.html$/.test(file);
}
