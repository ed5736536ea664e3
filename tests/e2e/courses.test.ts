/** Courses from outside: shown while they are written (`vivarium dev`), and as a site of their own (`vivarium build`). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMMAND } from "../../tools/build.mjs";
import { serve } from "../../tools/serve.mjs";
import { launch, withPage } from "../support/browser.ts";
import { DevCommand } from "../support/courses-command.ts";
import { shared } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { runNode } from "../support/run-program.ts";
import { LabPage } from "./lab.ts";

const browser = shared(launch, (started) => started.close());

const SECOND = `
::::step{#second title="A second step"}
Some words.
::::

:::proven`;

/** A folder of courses that `vivarium new` has made, with a lesson of two steps. */
const author = shared(
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "vivarium-author-"));
    await runNode(COMMAND, ["new", "course", "courses", "mine"], { cwd: folder });
    await runNode(COMMAND, ["new", "lesson", "courses/mine", "first-steps"], { cwd: folder });
    const file = join(folder, "courses/mine/01-first-steps/lesson.md");
    writeFileSync(file, readFileSync(file, "utf8").replace("\n:::proven", SECOND));
    return { folder, file };
  },
  ({ folder }) => rmSync(folder, { recursive: true }),
);

function edit(from: string, to: string): void {
  const { file } = author();
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test("a lesson is shown as it is written, and the machine goes on", { timeout: 180_000 }, async () => {
  const command = new DevCommand(COMMAND, ["courses", "--port", "0"], author().folder);
  try {
    const path = await command.url();
    const shows = (page: LabPage["page"], text: string): Promise<unknown> =>
      poll(async () => (await page.locator(".lesson").innerText()).includes(text), { what: text });
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await page.getByTestId("start").click();
        await lab.doFirstStep();
        await lab.next();
        await lab.type("kept=$((6 * 7))");
        edit("Some words.", "Quite other words.");
        await shows(page, "Quite other words.");
        expect(await lab.openStepId()).toBe("step-second");
        expect(await lab.isDone("first")).toBe(true);
        await lab.type("echo it is $kept");
        await lab.screenShows(/^it is 42$/m);

        const note = page.getByTestId("live-note");
        expect(await note.isVisible()).toBe(false);
        edit("Quite other words.", ":::hnt\nwhat\n:::");
        await poll(() => note.isVisible(), { what: "what is wrong, in the page" });
        expect(await note.innerText()).toMatch(/courses\/mine\/01-first-steps\/lesson\.md:\d+:1/);
        expect(await note.innerText()).toContain("hnt");
        await shows(page, "Quite other words.");
        expect(command.said).toMatch(/^courses\/mine\/01-first-steps\/lesson\.md:\d+:1: .*hnt/m);
        edit(":::hnt\nwhat\n:::", "It is well again.");
        await shows(page, "It is well again.");
        expect(await note.isVisible()).toBe(false);
        await poll(() => command.said.includes("Everything is right again."), { what: "the good news" });

        // Without the open step, the one before it is open.
        edit("{#second", "{#another");
        await poll(async () => (await lab.openStepId()) === "step-first", { what: "the step before" });
        await lab.type("echo still $kept");
        await lab.screenShows(/^still 42$/m);
        edit("{#another", "{#second");
        await poll(async () => (await page.getByTestId("step-second").count()) === 1, { what: "the step" });

        edit("user: root", "user: learner");
        await poll(async () => (await note.innerText()).includes("other machines or terminals"), {
          what: "the note that the terminal is another one's",
        });
        edit("user: learner", "user: root");
        await poll(async () => !(await note.isVisible()), { what: "the note to go" });
        await lab.type("echo to the end $kept");
        await lab.screenShows(/^to the end 42$/m);

        expect(await command.interrupt()).toBe(0);
        await poll(() => note.isVisible(), { what: "the note that nobody answers" });
      },
      { path, expected: [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE/] },
    );
  } finally {
    command.dispose();
  }
});

test("a site of one course works under any path of any host", { timeout: 120_000 }, async () => {
  const { folder } = author();
  const built = await runNode(COMMAND, ["build", "courses/mine", "--out", "out"], { cwd: folder });
  expect(built).toMatchObject({ code: 0, stdout: expect.stringMatching(/^out: 1 lesson, \d+ MB/) });
  const server = await serve({ root: join(folder, "out"), base: "/a/b/" });
  try {
    await withPage(
      browser(),
      async (page) => {
        const lab = new LabPage(page);
        await page.getByTestId("start").click();
        await lab.doFirstStep();
        expect(await page.title()).toBe("First steps · Vivarium");
        expect(await page.getByTestId("choose-lesson").locator("option").count()).toBe(1);
      },
      { path: server.url },
    );
  } finally {
    await server.close();
  }
});
