import { sayDiagnostics } from "../../i18n/index.ts";
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
  if (value === undefined || value === "") return sayDiagnostics("diagnostics.text.unknown");
  if (typeof value === "boolean")
    return sayDiagnostics(value ? "diagnostics.text.yes" : "diagnostics.text.no");
  return String(value);
}

function part(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return [title, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${valueWords(value)}`)].join(
    "\n",
  );
}

const orNone = (some: readonly string[], between = "; "): string =>
  some.length === 0 ? sayDiagnostics("diagnostics.text.none") : some.join(between);

function versions({ product, version, emulator, browser }: DiagnosticFacts): string {
  return part(sayDiagnostics("diagnostics.text.versions"), [
    [sayDiagnostics("diagnostics.text.version"), version],
    [sayDiagnostics("diagnostics.text.release"), browser.release],
    [sayDiagnostics("diagnostics.text.emulator"), emulator],
    [sayDiagnostics("diagnostics.text.kernel"), product.kernel],
    [sayDiagnostics("diagnostics.text.profile"), product.profile],
  ]);
}

function browserPart({ browser }: DiagnosticFacts): string {
  const { width, height, ratio, deviceMemory } = browser;
  return part(sayDiagnostics("diagnostics.text.browser"), [
    [sayDiagnostics("diagnostics.text.agent"), browser.agent],
    [sayDiagnostics("diagnostics.text.language"), browser.language],
    [sayDiagnostics("diagnostics.text.processors"), browser.processors],
    [sayDiagnostics("diagnostics.text.device-memory"), deviceMemory && `${deviceMemory} GiB`],
    [
      sayDiagnostics("diagnostics.text.window"),
      sayDiagnostics("diagnostics.text.pixels", { width, height, ratio }),
    ],
    [sayDiagnostics("diagnostics.text.pointer"), browser.pointer],
    [sayDiagnostics("diagnostics.text.prefers"), orNone(browser.prefers)],
    [sayDiagnostics("diagnostics.text.online"), browser.isOnline],
    [sayDiagnostics("diagnostics.text.visible"), browser.isSeen],
  ]);
}

function usedWords({ used, allowed }: DiagnosticFacts): string | undefined {
  if (used === undefined || allowed === undefined) return undefined;
  return sayDiagnostics("diagnostics.text.used-of", { used: sizeWords(used), allowed: sizeWords(allowed) });
}

function allows(facts: DiagnosticFacts): string {
  const { browser, isSettingsKept } = facts;
  const { heap } = browser;
  return part(sayDiagnostics("diagnostics.text.allows"), [
    [sayDiagnostics("diagnostics.text.secure"), browser.isSecure],
    [sayDiagnostics("diagnostics.text.framed"), browser.isFramed],
    [sayDiagnostics("diagnostics.text.storage"), isSettingsKept],
    [sayDiagnostics("diagnostics.text.database"), browser.hasDatabase],
    [sayDiagnostics("diagnostics.text.used"), usedWords(facts)],
    [sayDiagnostics("diagnostics.text.worker"), browser.serviceWorker],
    [sayDiagnostics("diagnostics.text.clipboard"), browser.clipboard],
    [
      sayDiagnostics("diagnostics.text.heap"),
      heap &&
        sayDiagnostics("diagnostics.text.used-of", {
          used: sizeWords(heap.used),
          allowed: sizeWords(heap.limit),
        }),
    ],
  ]);
}

function looks({ settings, browser, lab }: DiagnosticFacts): string {
  const { theme, terminalScheme, fontFamily, fontSize, lineHeight, screenReader, pauseHidden } = settings;
  const open = [
    ...(lab?.isXrayOpen === true ? ["X-ray"] : []),
    ...(lab?.isManualOpen === true ? ["man"] : []),
  ];
  return part(sayDiagnostics("diagnostics.text.looks"), [
    [sayDiagnostics("diagnostics.text.theme"), theme],
    [sayDiagnostics("diagnostics.text.font"), `${fontFamily}, ${fontSize} px, ${lineHeight}`],
    [sayDiagnostics("diagnostics.text.scheme"), terminalScheme],
    [sayDiagnostics("diagnostics.text.screen-reader"), screenReader],
    [sayDiagnostics("diagnostics.text.pause-hidden"), pauseHidden],
    ...(lab === undefined
      ? []
      : ([
          [sayDiagnostics("diagnostics.text.lesson"), lab.lesson],
          [sayDiagnostics("diagnostics.text.open"), orNone(open)],
          [sayDiagnostics("diagnostics.text.renderer"), orNone(browser.terminals)],
        ] satisfies Row[])),
  ]);
}

function machine(facts: MachineFacts, { terminals }: LabFacts): string {
  const { name, phase, stages, agent, guest, isWaitingForFile, stats } = facts;
  const told = stages.map(({ stage, at }) =>
    sayDiagnostics("diagnostics.text.stage", { stage, at: Math.round(at) }),
  );
  const its = terminals.filter((one) => one.machine === name).map(({ kind }) => kind);
  const rows: Row[] = [
    [sayDiagnostics("diagnostics.text.phase"), phase],
    [sayDiagnostics("diagnostics.text.start"), orNone(told, ", ")],
    [sayDiagnostics("diagnostics.text.serves"), agent === "here"],
    [sayDiagnostics("diagnostics.text.answers"), guest === "answers"],
    [sayDiagnostics("diagnostics.text.waits"), isWaitingForFile],
    [sayDiagnostics("diagnostics.text.terminals"), orNone(its, ", ")],
  ];
  if (stats !== undefined) {
    const { memoryBytes, wasmBytes, network } = stats;
    const memory = { memory: sizeWords(memoryBytes), whole: sizeWords(wasmBytes) };
    const { sent, received, sentDropped, receivedDropped } = network;
    rows.push(
      [sayDiagnostics("diagnostics.text.memory"), sayDiagnostics("diagnostics.text.memory-of", memory)],
      [sayDiagnostics("diagnostics.text.checkpoints"), sizeWords(stats.checkpointBytes)],
      [sayDiagnostics("diagnostics.text.guest-time"), `${(stats.guestMs / 1000).toFixed(1)} s`],
      [sayDiagnostics("diagnostics.text.instructions"), Math.round(stats.instructions).toLocaleString("en")],
      [
        sayDiagnostics("diagnostics.text.frames"),
        sayDiagnostics("diagnostics.text.frames.words", {
          sent,
          received,
          dropped: sentDropped + receivedDropped,
        }),
      ],
    );
  }
  return part(sayDiagnostics("diagnostics.text.machine", { name }), rows);
}

function faultRow({ time, code, place, cause }: NotedFault): Row {
  return [new Date(time).toISOString(), `${code} (${place}${cause === undefined ? "" : `, ${cause}`})`];
}

/** Plain text, the same whatever it is pasted into. */
export function diagnosticsText(facts: DiagnosticFacts): string {
  const { taken, product, browser, lab, faults } = facts;
  const seconds = Math.round(browser.age / 1000);
  return [
    part(sayDiagnostics("diagnostics.text.head"), [
      [sayDiagnostics("diagnostics.text.taken"), taken.toISOString()],
      [
        sayDiagnostics("diagnostics.text.page"),
        `${product.page}, ${sayDiagnostics("diagnostics.text.since", { seconds })}`,
      ],
    ]),
    versions(facts),
    browserPart(facts),
    allows(facts),
    looks(facts),
    ...(lab?.machines.map((one) => machine(one, lab)) ?? []),
    faults.length === 0
      ? `${sayDiagnostics("diagnostics.text.faults")}\n  ${sayDiagnostics("diagnostics.text.none")}`
      : part(sayDiagnostics("diagnostics.text.faults"), faults.map(faultRow)),
    "",
  ].join("\n\n");
}
