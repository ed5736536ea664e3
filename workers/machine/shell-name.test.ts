import { expect, test } from "vitest";
import { renaming } from "./shell-name.ts";

const PROMPT = "\u001B[?2004hroot@vivarium:~# ";

test("a shell at its first prompt is told another name, and what does anything else is left alone", () => {
  expect(renaming(PROMPT, "root", "machine-1")).toContain("@machine-1:");
  expect(renaming(PROMPT, "root", "a.example")).toMatch(/@a:.* HOSTNAME=a\.example\r/);
  expect(renaming("learner@vivarium:~$ ", "learner", "b")).toContain("@b:");
  expect(renaming("root@machine-1:~# ", "root", "machine-1")).toBeUndefined();
  for (const shown of [
    "",
    `${PROMPT}ls`,
    `${PROMPT}\r\n${PROMPT}`,
    `> ${PROMPT}`,
    "root@vivarium:/etc# ",
    "login: ",
  ])
    expect(renaming(shown, "root", "machine-1")).toBeUndefined();
});

test("a name is typed only if a shell reads it as nothing else", () => {
  for (const name of ["", "a b", "$(reboot)", "a;b", "a'b", "ä"])
    expect(renaming(PROMPT, "root", name)).toBeUndefined();
});
