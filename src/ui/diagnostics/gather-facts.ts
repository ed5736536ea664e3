import type { PageDesk } from "../page-desk.ts";
import { browserFacts } from "./browser-facts.ts";
import type { DiagnosticFacts } from "./diagnostics-text.ts";

const EMULATOR = "v86";

/** Asks everybody there is. Never rejects: who does not answer is not in it. */
export async function gatherFacts(desk: PageDesk): Promise<DiagnosticFacts> {
  const { settings, kept, faults, product, diary, about } = desk;
  const [browser, report, lab, made] = await Promise.all([
    browserFacts(),
    kept.report().catch(() => undefined),
    diary?.facts().catch(() => undefined),
    about.load().catch(() => undefined),
  ]);
  return {
    taken: new Date(),
    product,
    version: made?.version,
    emulator: made?.page.find(({ name }) => name === EMULATOR)?.version,
    browser,
    settings: settings.value.peek(),
    isSettingsKept: settings.isKept.peek(),
    used: report?.used,
    allowed: report?.allowed,
    lab,
    faults: faults.noted.peek(),
  };
}
