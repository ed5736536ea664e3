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
export type { NetAddress, NetDevice, NetLink } from "./network.ts";
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
export { holds, type ProcessPattern, type Query, QUERY_WORDS, QuerySchema } from "./query.ts";
