import { say } from "../../i18n/index.ts";
import type { LabFacts, MachineFacts, NotedFault, SettingsValue } from "../../state/index.ts";
import type { ProductFacts } from "../page-desk.ts";
import { sizeWords } from "../size-words.ts";
import type { BrowserFacts } from "./browser-facts.ts";

/** All that the text is made of: numbers, versions, and states. Nothing of it was typed, shown in a terminal or named by anybody. */
export interface DiagnosticFacts {
  /** Of the moment. */
  readonly taken: Date;
  readonly product: ProductFacts;
  readonly version: string | undefined;
  readonly emulator: string | undefined;
  readonly browser: BrowserFacts;
  readonly settings: SettingsValue;
  readonly isSettingsKept: boolean;
  readonly used: number | undefined;
  readonly allowed: number | undefined;
  readonly lab: LabFacts | undefined;
  readonly faults: readonly NotedFault[];
}

type Row = readonly [label: string, value: string | number | boolean | undefined];

function valueWords(value: Row[1]): string {
  if (value === undefined || value === "") return say("diagnostics.text.unknown");
  if (typeof value === "boolean") return say(value ? "diagnostics.text.yes" : "diagnostics.text.no");
  return String(value);
}

function part(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${valueWords(value)}`)].join(
    "\n",
  );
}

const orNone = (some: readonly string[], between = "; "): string =>
  some.length === 0 ? say("diagnostics.text.none") : some.join(between);

function versions({ product, version, emulator, browser }: DiagnosticFacts): string {
  return part(say("diagnostics.text.versions"), [
    [say("diagnostics.text.version"), version],
    [say("diagnostics.text.release"), browser.release],
    [say("diagnostics.text.emulator"), emulator],
    [say("diagnostics.text.kernel"), product.kernel],
    [say("diagnostics.text.profile"), product.profile],
  ]);
}

function browserPart({ browser }: DiagnosticFacts): string {
  const { width, height, ratio, deviceMemory } = browser;
  return part(say("diagnostics.text.browser"), [
    [say("diagnostics.text.agent"), browser.agent],
    [say("diagnostics.text.language"), browser.language],
    [say("diagnostics.text.processors"), browser.processors],
    [say("diagnostics.text.device-memory"), deviceMemory && `${deviceMemory} GiB`],
    [say("diagnostics.text.window"), say("diagnostics.text.pixels", { width, height, ratio })],
    [say("diagnostics.text.pointer"), browser.pointer],
    [say("diagnostics.text.prefers"), orNone(browser.prefers)],
    [say("diagnostics.text.online"), browser.isOnline],
    [say("diagnostics.text.visible"), browser.isSeen],
  ]);
}

function usedWords({ used, allowed }: DiagnosticFacts): string | undefined {
  if (used === undefined || allowed === undefined) return undefined;
  return say("diagnostics.text.used-of", { used: sizeWords(used), allowed: sizeWords(allowed) });
}

function allows(facts: DiagnosticFacts): string {
  const { browser, isSettingsKept } = facts;
  const { heap } = browser;
  return part(say("diagnostics.text.allows"), [
    [say("diagnostics.text.secure"), browser.isSecure],
    [say("diagnostics.text.framed"), browser.isFramed],
    [say("diagnostics.text.storage"), isSettingsKept],
    [say("diagnostics.text.database"), browser.hasDatabase],
    [say("diagnostics.text.used"), usedWords(facts)],
    [say("diagnostics.text.worker"), browser.serviceWorker],
    [say("diagnostics.text.clipboard"), browser.clipboard],
    [
      say("diagnostics.text.heap"),
      heap && say("diagnostics.text.used-of", { used: sizeWords(heap.used), allowed: sizeWords(heap.limit) }),
    ],
  ]);
}

function looks({ settings, browser, lab }: DiagnosticFacts): string {
  const { theme, terminalScheme, fontFamily, fontSize, lineHeight, screenReader, pauseHidden } = settings;
  const open = [
    ...(lab?.isXrayOpen === true ? ["X-ray"] : []),
    ...(lab?.isManualOpen === true ? ["man"] : []),
  ];
  return part(say("diagnostics.text.looks"), [
    [say("diagnostics.text.theme"), theme],
    [say("diagnostics.text.font"), `${fontFamily}, ${fontSize} px, ${lineHeight}`],
    [say("diagnostics.text.scheme"), terminalScheme],
    [say("diagnostics.text.screen-reader"), screenReader],
    [say("diagnostics.text.pause-hidden"), pauseHidden],
    ...(lab === undefined
      ? []
      : ([
          [say("diagnostics.text.lesson"), lab.lesson],
          [say("diagnostics.text.open"), orNone(open)],
          [say("diagnostics.text.renderer"), orNone(browser.terminals)],
        ] satisfies Row[])),
  ]);
}

function machine(facts: MachineFacts, { terminals }: LabFacts): string {
  const { name, phase, stages, agent, guest, isWaitingForFile, stats } = facts;
  const told = stages.map(({ stage, at }) => say("diagnostics.text.stage", { stage, at: Math.round(at) }));
  const its = terminals.filter((one) => one.machine === name).map(({ kind }) => kind);
  const rows: Row[] = [
    [say("diagnostics.text.phase"), phase],
    [say("diagnostics.text.start"), orNone(told, ", ")],
    [say("diagnostics.text.serves"), agent === "here"],
    [say("diagnostics.text.answers"), guest === "answers"],
    [say("diagnostics.text.waits"), isWaitingForFile],
    [say("diagnostics.text.terminals"), orNone(its, ", ")],
  ];
  if (stats !== undefined) {
    const { memoryBytes, wasmBytes, network } = stats;
    const memory = { memory: sizeWords(memoryBytes), whole: sizeWords(wasmBytes) };
    const { sent, received, sentDropped, receivedDropped } = network;
    rows.push(
      [say("diagnostics.text.memory"), say("diagnostics.text.memory-of", memory)],
      [say("diagnostics.text.checkpoints"), sizeWords(stats.checkpointBytes)],
      [say("diagnostics.text.guest-time"), `${(stats.guestMs / 1000).toFixed(1)} s`],
      [say("diagnostics.text.instructions"), Math.round(stats.instructions).toLocaleString("en")],
      [
        say("diagnostics.text.frames"),
        say("diagnostics.text.frames.words", { sent, received, dropped: sentDropped + receivedDropped }),
      ],
    );
  }
  return part(say("diagnostics.text.machine", { name }), rows);
}

function faultRow({ time, code, place, cause }: NotedFault): Row {
  return [new Date(time).toISOString(), `${code} (${place}${cause === undefined ? "" : `, ${cause}`})`];
}

/** Plain text, the same whatever it is pasted into. */
export function diagnosticsText(facts: DiagnosticFacts): string {
  const { taken, product, browser, lab, faults } = facts;
  const seconds = Math.round(browser.age / 1000);
  return [
    part(say("diagnostics.text.head"), [
      [say("diagnostics.text.taken"), taken.toISOString()],
      [say("diagnostics.text.page"), `${product.page}, ${say("diagnostics.text.since", { seconds })}`],
    ]),
    versions(facts),
    browserPart(facts),
    allows(facts),
    looks(facts),
    ...(lab?.machines.map((one) => machine(one, lab)) ?? []),
    faults.length === 0
      ? `${say("diagnostics.text.faults")}\n  ${say("diagnostics.text.none")}`
      : part(say("diagnostics.text.faults"), faults.map(faultRow)),
    "",
  ].join("\n\n");
}
