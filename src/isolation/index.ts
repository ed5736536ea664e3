export type {
  Cgroup,
  ControllerName,
  CpuController,
  CpuUsage,
  IoDevice,
  Limit,
  MemoryController,
  MemoryEvents,
  MemoryStat,
  PidsController,
  Pressure,
  Stall,
} from "./cgroup.ts";
export { containerStarts, costKey, ownMemory } from "./box-cost.ts";
export { foregroundOf, foregroundProcess, terminalShells } from "./foreground.ts";
export {
  type Ghost,
  type GhostFound,
  type GhostNode,
  ghostOf,
  type GhostPart,
  type GhostPlate,
  type GhostThing,
  type Wanted,
} from "./ghost.ts";
export { whyNot } from "./why-not.ts";
export { type KernelFacts, type MachineFacts, RAM_USES, type RamUse } from "./kernel-facts.ts";
export type { Mount } from "./mount.ts";
export {
  type CgroupNamespace,
  type ClockOffset,
  type IdRange,
  type IpcNamespace,
  type MountNamespace,
  type Namespace,
  NAMESPACE_KINDS,
  type NamespaceId,
  type NamespaceKind,
  type NetNamespace,
  type PidNamespace,
  type Pin,
  type TimeNamespace,
  type UserNamespace,
  type UtsNamespace,
} from "./namespace.ts";
export type { NetAddress, NetDevice, NetLink, NetTraffic } from "./network.ts";
export { initProcess, type Missing, type Observation, toldByAgent } from "./observation.ts";
export {
  type Capabilities,
  type Ids,
  innermostPid,
  type Process,
  type ProcessDetails,
  type Thread,
} from "./process.ts";
export { parseProcessTable } from "./process-table.ts";
export { ObservationSchema } from "./observation-schema.ts";
export { RECORDING } from "./recording.ts";
export { holds, type Query, QUERY_WORDS, QuerySchema, type Question } from "./query.ts";
export { anyObservation } from "./random-observation.ts";
export type { CgroupPattern } from "./query-cgroup.ts";
export type { KernelPattern } from "./query-kernel.ts";
export type { MountPattern } from "./query-mount.ts";
export type { NamespacePattern } from "./query-namespace.ts";
export type { DevicePattern } from "./query-network.ts";
export { type ProcessPattern, ProcessPatternSchema } from "./process-pattern.ts";
export { findProcesses } from "./find-processes.ts";
export { type SignalName, SIGNALS } from "./signals.ts";
export {
  type Badge,
  type Box,
  type BoxNamespace,
  type BoxRole,
  type Keeper,
  type MachineBox,
  processKey,
  type ProcessNode,
  walkBoxes,
  walkProcesses,
} from "./box.ts";
export { boxesOf } from "./boxes.ts";
export { type CgroupRate, cgroupRates, type LimitHit } from "./rates.ts";
export { CAPABILITY_NAMES, capabilityNames, type CapabilityName } from "./capabilities.ts";
export { diff } from "./diff.ts";
export type {
  CgroupEvent,
  CgroupRef,
  DeviceRef,
  IsolationEvent,
  KernelEvent,
  MountRef,
  NamespaceEvent,
  ProcessEvent,
  ProcessRef,
} from "./events.ts";
export { explain } from "./explain.ts";
export {
  gidIn,
  idInside,
  namespaceKey,
  namespaceOf,
  type NamespaceRef,
  sameNamespace,
  sameProcess,
  uidIn,
  uidInside,
} from "./ids.ts";
export { tell, type ToldEvent } from "./tell.ts";
export { compare, type Compared, type Comparison } from "./compare.ts";
export { boxTitle, type BoxTitleKey, type BoxTitleScene, recordOf } from "./box-title.ts";
export { NamespaceNumbers } from "./namespace-numbers.ts";
export { type Placed, placeOf } from "./place.ts";
