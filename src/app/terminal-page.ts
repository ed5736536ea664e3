/** The free terminal: machines without a lesson, wired together. The worker is on its way already when this code arrives. */
import manuals from "virtual:vivarium/manual";
import { systemClock } from "../lessons/index.ts";
import { USUAL_PROFILE, type WorkerHandle } from "../machine/index.ts";
import { fetchedManual, Lab, LabDiary, memoryProgress } from "../state/index.ts";
import type * as FreeParts from "./free-parts.ts";
import { followPage } from "./follow-page.ts";
import { freeTerminal } from "./free-terminal.ts";
import { keepFromLab, offlineDesk } from "./offline.ts";
import { pageDesk } from "./page-desk.ts";
import { browserText } from "./browser-texts.ts";
import { landingAddress, terminalAddress } from "./route.ts";
import { kernelVersion, machineSource } from "./start-machine.ts";

export interface TerminalPageOptions {
  /** Throws where no worker can be started. */
  readonly firstWorker: () => WorkerHandle;
  /** The interface's code, on its way. */
  readonly parts: Promise<typeof FreeParts>;
}

/** Opens the free terminal in `root` and starts its machines. Settles when it is shown. */
export async function openTerminalPage(root: HTMLElement, options: TerminalPageOptions): Promise<void> {
  const { machines, terminals, settings, refusals, profiles } = freeTerminal(location.search);
  const { profile } = settings;
  const kernel = kernelVersion(profile);
  const desk = pageDesk({ page: "terminal", kernel, profile, offline: offlineDesk });
  const lab = new Lab({
    machines,
    terminals,
    ...machineSource({ profile, count: machines.length, terminals }, options.firstWorker),
    // Nothing is learned here that would be kept.
    progress: memoryProgress(),
    clock: systemClock,
    manual: fetchedManual(new URL("man/", document.baseURI).href, manuals[profile]),
    pauseHidden: desk.settings.pauseHidden,
    layout: browserText("vivarium/layout/terminal"),
    keepsPast: true,
  });
  const diary = new LabDiary(lab, desk.faults, () => performance.now());
  void lab.start();
  followPage(lab);
  keepFromLab(lab);

  const { showFreePage } = await options.parts;
  showFreePage(root, {
    lab,
    desk: { ...desk, diary },
    kernel,
    profile: profile === USUAL_PROFILE ? "" : profile,
    links: {
      home: landingAddress(location.href),
      course: (id) => landingAddress(location.href, id),
    },
    settings,
    refusals,
    profiles,
    linkTo: (query) => terminalAddress(location.href, query),
    open: (address) => location.assign(address),
  });
}
