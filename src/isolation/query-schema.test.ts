import { readFileSync, writeFileSync } from "node:fs";
import { toJsonSchema } from "@valibot/to-json-schema";
import { expect, test } from "vitest";
import { QUERY_WORDS } from "./index.ts";
import { AnyQuerySchema } from "./query.ts";
import { CgroupPatternSchema, FileSchema } from "./query-cgroup.ts";
import { KernelPatternSchema } from "./query-kernel.ts";
import { MountPatternSchema } from "./query-mount.ts";
import { NamespacePatternSchema } from "./query-namespace.ts";
import { DevicePatternSchema } from "./query-network.ts";
import { CapabilityNameSchema, ProcessPatternSchema } from "./process-pattern.ts";
import { CountsSchema, MembershipSchema } from "./query-values.ts";

/** For editors and other tools. `UPDATE=1 npx vitest run --project=unit src/isolation/query-schema` writes it anew. */
const FILE = new URL("../../docs/query.schema.json", import.meta.url);
const DOCUMENT = new URL("../../docs/queries.md", import.meta.url);

/** The language of queries as JSON Schema. */
function querySchema(): Record<string, unknown> {
  const schema = toJsonSchema(AnyQuerySchema, {
    target: "draft-2020-12",
    definitions: {
      query: AnyQuerySchema,
      process: ProcessPatternSchema,
      namespace: NamespacePatternSchema,
      cgroup: CgroupPatternSchema,
      mount: MountPatternSchema,
      device: DevicePatternSchema,
      kernel: KernelPatternSchema,
      counts: CountsSchema,
      cgroupFile: FileSchema,
      capability: CapabilityNameSchema,
      membership: MembershipSchema,
    },
  });
  return { title: "A question about what is seen of a machine", ...schema };
}

test("the published schema is that of the code", () => {
  const made: unknown = JSON.parse(JSON.stringify(querySchema()));
  if (process.env["UPDATE"] === "1") writeFileSync(FILE, `${JSON.stringify(made, undefined, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, "utf8"))).toEqual(made);
});

test("the document speaks of every word", () => {
  const text = readFileSync(DOCUMENT, "utf8");
  expect(QUERY_WORDS.filter((word) => !text.includes(`\`${word}\``))).toEqual([]);
});

test("every key of the schema is one of the words", () => {
  const keys = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [name, inner] of Object.entries(node)) {
      if (name === "properties") for (const key of Object.keys(inner as object)) keys.add(key);
      walk(inner);
    }
  };
  walk(querySchema());
  expect([...keys].filter((key) => !QUERY_WORDS.includes(key))).toEqual([]);
  expect(keys.size).toBeGreaterThan(100);
});
