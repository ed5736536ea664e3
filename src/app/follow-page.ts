import type { Lab } from "../state/index.ts";

/** Tells a lab of its page, for as long as that is there: whether somebody sees it, and that the network is back. */
export function followPage(lab: Lab): void {
  const follow = (): void => lab.setVisible(!document.hidden);
  document.addEventListener("visibilitychange", follow);
  follow();
  addEventListener("online", () => lab.retryFiles());
}
