import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayBar, sayBoxTitle } from "../i18n/index.ts";
import { boxTitle, type NamespaceKind, type TerminalPlace, userName } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

/** What the box of a terminal is called, and the kind of namespace whose colour it has; undefined in the machine itself. */
function boxOf(place: TerminalPlace | undefined): { name: string; kind: NamespaceKind } | undefined {
  const box = place?.box?.box;
  const [main] = box?.own ?? [];
  if (place === undefined || box === undefined || main === undefined) return undefined;
  const { numbers, machineName } = place;
  return { name: boxTitle(box, { say: sayBoxTitle, numbers, machineName }), kind: main.kind };
}

function rootWords({ root }: TerminalPlace): string {
  if (root === undefined) return "";
  if (root === "nobody") return sayBar("place.unmapped");
  return sayBar("place.root", { user: userName(root) ?? sayBar("place.root.number", { uid: root }) });
}

/** A name within a sentence: "in user namespace 2", "in PID namespace 2". */
function within(name: string): string {
  return /^.[a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** Who has the terminal, and where it lives, in one line. */
function sentence(place: TerminalPlace, user: string): string {
  const { process } = place;
  const box = boxOf(place);
  const name = process.comm;
  if (box === undefined) {
    const as = userName(process.uid);
    return as === undefined || as === user
      ? sayBar("place.machine", { name })
      : sayBar("place.machine-as", { name, user: as });
  }
  const inside = process.pids.at(-1) ?? process.pid;
  const numbers =
    process.pids.length > 1 ? ` (${sayBar("place.numbers", { outside: process.pid, inside })})` : "";
  const root = rootWords(place);
  return `${sayBar("place.box", { name: `${name}${numbers}`, box: within(box.name) })}${root === "" ? "" : `; ${root}`}`;
}

/** In a terminal's tab: the box in which its foreground process lives, in its colour. Nothing in the machine itself. */
export function TerminalBox({ terminal }: { readonly terminal: string }): JSX.Element | null {
  const lab = useLab();
  const place = lab.machineDesk.place(terminal).value;
  const box = boxOf(place);
  if (place === undefined || box === undefined) return null;
  const user = lab.terminals.find(({ name }) => name === terminal)?.user ?? "";
  return (
    <span
      class="terminal-box"
      data-kind={box.kind}
      title={sentence(place, user)}
      data-testid={`terminal-box-${terminal}`}
    >
      {box.name}
    </span>
  );
}

/** Tells that a terminal has come into another box; who runs in it changes too often to be told. */
function useNews(terminal: string, box: string): string {
  const beforeRef = useRef({ terminal, box });
  const [news, setNews] = useState("");
  useEffect(() => {
    const was = beforeRef.current;
    beforeRef.current = { terminal, box };
    if (was.terminal !== terminal || was.box === box) return;
    setNews(box === "" ? sayBar("place.now.machine") : sayBar("place.now.box", { box: within(box) }));
  }, [terminal, box]);
  return news;
}

/** Above the terminal in front: which shell am I in? */
export function TerminalPlaceLine(): JSX.Element {
  const lab = useLab();
  const terminal = lab.front.value;
  const place = lab.machineDesk.place(terminal).value;
  const box = boxOf(place);
  const news = useNews(terminal, box?.name ?? "");
  const user = lab.terminals.find(({ name }) => name === terminal)?.user ?? "";
  const words = place === undefined ? "\u00a0" : sentence(place, user);
  return (
    <div
      class={place === undefined ? "terminal-place unknown" : "terminal-place"}
      data-testid="terminal-place"
      data-box={box?.name ?? ""}
      {...(box === undefined ? {} : { "data-kind": box.kind })}
    >
      <span class="place-words" title={words}>
        {words}
      </span>
      <span class="visually-hidden" aria-live="polite">
        {news}
      </span>
    </div>
  );
}
