export type { Capture, CapturedFrame, CapturedPacket, CaptureOptions } from "./capture.ts";
export type { PacketSummary } from "./summary.ts";
export { type Connection, Switch, type SwitchOptions } from "./switch.ts";
export type { PortCounters, SwitchPort } from "./switch-port.ts";
