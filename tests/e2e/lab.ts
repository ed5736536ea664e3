import type { Locator, Page } from "playwright-core";
import type { TerminalProbe } from "../../src/views/index.ts";
import { poll } from "../support/poll.ts";

const START_MS = 30_000;

/** The page as a learner sees and uses it. */
export class LabPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get step(): Locator {
    return this.page.locator(".step.open");
  }

  get verdict(): Locator {
    return this.page.getByTestId("verdict");
  }

  get fault(): Locator {
    return this.page.getByTestId("fault");
  }

  /** What is on the terminal's screen and above it. */
  async screen(): Promise<string> {
    return this.page.evaluate(
      () =>
        document
          .querySelector<HTMLElement & { vivariumTerminal?: TerminalProbe }>("#terminal")
          ?.vivariumTerminal?.text() ?? "",
    );
  }

  async screenShows(pattern: RegExp, timeout = START_MS): Promise<string> {
    let last = "";
    try {
      await poll(
        async () => {
          last = await this.screen();
          return pattern.test(last);
        },
        { timeout, what: `${pattern} on the screen` },
      );
    } catch (error) {
      throw new Error(`the screen shows:\n${last}`, { cause: error });
    }
    return last;
  }

  /** A prompt waits for the learner. */
  async ready(): Promise<void> {
    await this.screenShows(/[#$]\s*$/);
    await poll(async () => (await this.phase()) === "running", { what: "the machine to run" });
  }

  async phase(): Promise<string | null> {
    return this.page.getByTestId("machine-chip").getAttribute("data-phase");
  }

  /** Opens what there is to a machine, the first one of a page if none is named. */
  async openMachine(name = "machine-1"): Promise<Locator> {
    const panel = this.page.getByTestId(`machine-panel-${name}`);
    if (!(await panel.isVisible())) await this.page.getByTestId(`machine-chip-${name}`).click();
    await panel.waitFor();
    return panel;
  }

  /** Throws the machine away and starts a fresh one. */
  async restart(): Promise<void> {
    await (await this.openMachine()).getByTestId("restart-machine").click();
  }

  /** Types a line as a learner does, keys and all. */
  async type(line: string): Promise<void> {
    await this.page.locator("#terminal textarea").focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** Clicks the run button of a command in the open step's prose. */
  async run(command: string, nth = 0): Promise<void> {
    const block = this.step.locator(".prose").getByTestId("command").filter({ hasText: command }).nth(nth);
    await block.getByRole("button", { name: /^Run/ }).click();
  }

  /** Waits for a prompt after a command that a run button typed. */
  async prompt(): Promise<void> {
    await this.screenShows(/[#$]\s*$/);
  }

  async verdictIs(kind: string, timeout = 20_000): Promise<string> {
    await poll(async () => (await this.verdict.getAttribute("data-verdict")) === kind, {
      timeout,
      what: `the verdict ${kind}; it says: ${await this.verdict.innerText()}`,
    });
    return this.verdict.innerText();
  }

  /** Waits for a verdict with these words: before it, others may be told of what was so on the way. */
  async verdictSays(kind: string, words: string): Promise<void> {
    await poll(
      async () =>
        (await this.verdict.getAttribute("data-verdict")) === kind &&
        (await this.verdict.innerText()).includes(words),
      { timeout: 20_000, what: `the verdict ${kind} with "${words}"` },
    );
  }

  /** What the check says of this moment, whether the step is done or not. */
  async live(): Promise<string | null> {
    return this.verdict.getAttribute("data-live");
  }

  /** Opens the next step; its heading takes the focus then, and what is typed earlier goes astray. */
  async next(): Promise<void> {
    const before = await this.openStepId();
    await this.page.getByTestId("next-step").click();
    await poll(
      async () =>
        (await this.openStepId()) !== before &&
        (await this.page.evaluate(() => document.activeElement?.matches(".step.open h3") === true)),
      { what: "the next step's heading to have the focus" },
    );
    // What is typed sooner is of the step before: its checkpoint is not taken yet.
    const reset = this.page.getByTestId("reset-step");
    await poll(async () => (await reset.count()) === 0 || (await reset.isEnabled()), {
      what: "the step's checkpoint",
    });
  }

  async reset(): Promise<void> {
    const button = this.page.getByTestId("reset-step");
    await poll(() => button.isEnabled(), { what: "the step to be resettable" });
    await button.click();
    await poll(async () => (await button.isEnabled()) && (await this.live()) === "waiting", {
      what: "the step to be as it was",
    });
  }

  async isDone(step: string): Promise<boolean> {
    return (await this.page.getByTestId(`step-${step}`).getAttribute("data-done")) === "true";
  }

  async openStepId(): Promise<string | null> {
    return this.step.getAttribute("data-testid");
  }

  /** Does the first step, so that there is progress to be lost. */
  async doFirstStep(): Promise<void> {
    await this.ready();
    await this.run("sleep 1000");
    await this.verdictIs("holds");
  }
}

/** Milliseconds from the shell's `[n] PID` on the screen to the verdict, as the page itself sees them. */
export async function timeToVerdict(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done, fail) => {
        const began = performance.now();
        const screen = (): string =>
          document.querySelector<HTMLElement>("#terminal")?.vivariumTerminal?.text() ?? "";
        const told = (): number => screen().match(/^\[\d+\] \d+$/gm)?.length ?? 0;
        const before = told();
        let said = 0;
        const look = (): void => {
          if (said === 0 && told() > before) said = performance.now();
          const verdict = document.querySelector<HTMLElement>("[data-testid=verdict]");
          if (said !== 0 && verdict?.dataset["live"] === "holds") done(performance.now() - said);
          else if (performance.now() - began > 30_000)
            fail(new Error(`no verdict within 30 s; the screen shows:\n${screen()}`));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}
