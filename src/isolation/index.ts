export {
  initProcess,
  innermostPid,
  NAMESPACE_KINDS,
  type NamespaceId,
  type NamespaceKind,
  type Observation,
  type Process,
} from "./observation.ts";
export { parseProcessTable } from "./process-table.ts";
