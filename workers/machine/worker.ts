/**
 * The machine's worker in a browser: a few lines that begin what takes longest, and the rest of its code, which is fetched
 * and read meanwhile. What the page says in between is kept for it. What reads the guest's memory is fetched when somebody
 * looks.
 */
import { beginAhead } from "./ahead.ts";

const early: MessageEvent[] = [];
const keep = (event: MessageEvent): void => void early.push(event);
addEventListener("message", keep);

const material = beginAhead(self.name);

async function begin(): Promise<void> {
  const { serveMachine } = await import("./browser-machine.ts");
  serveMachine(material, () => import("../../src/introspect/index.ts"));
  removeEventListener("message", keep);
  for (const { data, ports } of early)
    dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
}

begin().catch((error: unknown) =>
  // The page hears of an exception, and not of a promise that nobody waits for.
  setTimeout(() => {
    throw error;
  }),
);
