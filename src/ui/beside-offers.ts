import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { BesideOffers, BesideWish } from "../views/index.ts";
import type { Lab } from "../state/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { useLab } from "./lab-context.ts";
import { usePageDesk } from "./page-desk.ts";

/** What machines beside containers may offer where they have one only, and what comes of it. */
export interface BesideDesk {
  readonly offers: ReadonlySignal<BesideOffers>;
  fulfil(wish: BesideWish): void;
}

/** A shell in a container, for root as for everybody else. */
const BY_HAND = "unshare --map-root-user --pid --fork --mount-proc --net --ipc bash";
const BY_PODMAN = "podman run -it --rm --network none --hostname box shell:1 sh";

function machineOffer(lab: Lab, isFrame: boolean): BesideOffers["machine"] {
  const [, ...others] = lab.machines;
  if (others.length === 0) return isFrame ? "alone" : "start";
  return (
    others
      .map(({ name, state }) => ({ name, phase: state.value.phase }))
      // One that has failed says so over its terminal.
      .filter(({ phase }) => phase !== "crashed" && phase !== "off")
      .map(({ name, phase }) => ({ name, isOn: phase !== "unpowered" }))
  );
}

/** What is typed goes to a shell, as far as is known, and not to what runs in it. */
function isShellInFront(lab: Lab): boolean {
  const front = lab.front.value;
  const place = lab.machineDesk.place(front).value;
  return lab.isTerminalOpen(front) && (place?.process.comm ?? "sh").endsWith("sh");
}

export function useBesideDesk(): BesideDesk {
  const lab = useLab();
  const { page, profile } = usePageDesk().product;
  return useMemo(() => {
    const command = profile === "containers" ? BY_PODMAN : BY_HAND;
    return {
      offers: computed((): BesideOffers => {
        const machine = machineOffer(lab, page === "frame");
        return {
          ...(machine && { machine }),
          container: { command, isReady: isShellInFront(lab) },
        };
      }),
      fulfil(wish) {
        if (wish.kind === "start") void lab.machineDesk.add();
        else if (wish.kind === "switch-on") void lab.switchOn(wish.machine);
        else {
          lab.run(command, lab.front.value);
          focusTerminal();
        }
      },
    };
  }, [lab, page, profile]);
}
