/** What the X-ray saves is read again as it was: of all situations, and of those of real machines that were recorded here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as v from "valibot";
import { type Observation, ObservationSchema } from "../../src/isolation/index.ts";
import { type Situation, SITUATIONS } from "./fixtures.ts";

const FOLDER = new URL("situations/", import.meta.url);

function recorded(): [string, Situation][] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => [name, JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Situation]);
}

function asFile(observation: Observation): unknown {
  return JSON.parse(JSON.stringify(observation));
}

test.each([...Object.entries(SITUATIONS), ...recorded()])("%s", (_, situation) => {
  for (const observation of Object.values(situation).flat()) {
    const read = v.safeParse(ObservationSchema, asFile(observation));
    expect(read.issues?.map(({ message, path }) => [path?.map(({ key }) => key), message]) ?? []).toEqual([]);
    expect(asFile(read.output as Observation)).toEqual(asFile(observation));
  }
});
