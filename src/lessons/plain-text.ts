/** CSI, OSC and two-character sequences, as ECMA-48 and xterm have them. */
// oxlint-disable-next-line no-control-regex -- these are what is taken out
const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/gu;

/** What a terminal was sent, without colours, cursor movements and carriage returns: one line after another. */
export function plainText(output: string): string {
  return output
    .replaceAll(ESCAPES, "")
    .replaceAll(/\r+\n/g, "\n")
    .replaceAll("\r", "")
    .replaceAll("\u0007", "");
}
