/** What a box is called: by what it has of its own, never by the name of who made it. */
import type { Box, BoxNamespace } from "./box.ts";
import type { Namespace, NamespaceKind } from "./namespace.ts";
import type { NamespaceNumbers } from "./namespace-numbers.ts";

/** The catalogue's sentences that names of boxes are made of. */
export type BoxTitleKey =
  | "xray.box.container-named"
  | "xray.box.container-of"
  | "xray.box.part"
  | "xray.box.pod"
  | "xray.box.shared"
  | "xray.box.kept"
  | "xray.box.more"
  | `xray.kind.${NamespaceKind}`;

export interface BoxTitleScene {
  readonly say: (key: BoxTitleKey, values?: Readonly<Record<string, string | number>>) => string;
  readonly numbers: NamespaceNumbers;
  /** The host name in the namespaces that enclose the machine's boxes. */
  readonly machineName: string;
}

/** The record of a kind that is among a box's own namespaces. */
export function recordOf<Kind extends Namespace["kind"]>(
  own: readonly BoxNamespace[],
  kind: Kind,
): Extract<Namespace, { kind: Kind }> | undefined {
  const found = own.find((one) => one.kind === kind)?.namespace;
  return found as Extract<Namespace, { kind: Kind }> | undefined;
}

/** "Container web", "PID namespace 2", "Shared: network namespace 3" */
export function boxTitle(box: Box, { say, numbers, machineName }: BoxTitleScene): string {
  const [main] = box.own;
  if (box.role === "container") {
    const hostName = recordOf(box.own, "uts")?.hostName;
    if (hostName !== undefined && hostName !== machineName)
      return say("xray.box.container-named", { name: hostName });
    const first = box.processes[0]?.process.comm ?? "";
    return say("xray.box.container-of", { name: first });
  }
  if (main === undefined) return say("xray.box.part");
  const net = box.own.find(({ kind }) => kind === "net");
  if (box.role === "shared" && net !== undefined)
    return say("xray.box.pod", { count: box.boxes.length, number: numbers.of(net) });
  const named = say(`xray.kind.${main.kind}`, { number: numbers.of(main) });
  if (box.role === "shared") return say("xray.box.shared", { namespace: named });
  if (box.role === "kept") return say("xray.box.kept", { namespace: named });
  return box.own.length > 1 ? say("xray.box.more", { namespace: named, count: box.own.length - 1 }) : named;
}
