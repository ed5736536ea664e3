import type { Page } from "playwright-core";

/** What a terminal of the page shows, as text. */
export interface TerminalText {
  read(): Promise<string>;
  waitFor(pattern: RegExp, timeout?: number): Promise<void>;
}

/** The first terminal of the page, focused as soon as it is there. */
export async function openTerminalText(page: Page): Promise<TerminalText> {
  const host = page.getByTestId("terminal");
  await host.waitFor({ state: "visible", timeout: 60_000 });
  return {
    read: () => page.evaluate(readTerminal),
    async waitFor(pattern, timeout = 30_000) {
      await page.waitForFunction(
        ({ source, flags }) => {
          const element = document.querySelector<HTMLElement & { vivariumTerminal?: { text(): string } }>(
            '[data-testid="terminal"]',
          );
          return new RegExp(source, flags).test((element?.vivariumTerminal?.text() ?? "").trimEnd() + " ");
        },
        { source: pattern.source, flags: pattern.flags },
        { timeout, polling: "raf" },
      );
    },
  };
}

function readTerminal(): string {
  const element = document.querySelector<HTMLElement & { vivariumTerminal?: { text(): string } }>(
    '[data-testid="terminal"]',
  );
  return element?.vivariumTerminal?.text() ?? "";
}
