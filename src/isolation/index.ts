export {
  innermostPid,
  type NamespaceId,
  type NamespaceKind,
  type Observation,
  type Process,
} from "./observation.ts";
export { parseProcessTable } from "./process-table.ts";
export { explain } from "./explain.ts";
export { holds, type ProcessPattern, type Query, QUERY_WORDS, QuerySchema } from "./query.ts";
