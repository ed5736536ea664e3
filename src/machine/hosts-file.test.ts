import { expect, test } from "vitest";
import { withLabHosts } from "./hosts-file.ts";

const OWN = "127.0.0.1\tlocalhost\n10.9.9.9\tmine # of the lab's learner\n";
const two = [
  { address: "10.10.1.1", name: "machine-1" },
  { address: "10.10.1.2", name: "machine-2" },
];

test("adds the lab's machines, once, and takes away those that left; the learner's lines stay", () => {
  const both = withLabHosts(OWN, two);
  expect(both).toBe(`${OWN}10.10.1.1\tmachine-1\t# lab\n10.10.1.2\tmachine-2\t# lab\n`);
  expect(withLabHosts(both, two)).toBe(both);
  expect(withLabHosts(both, two.slice(1))).toBe(`${OWN}10.10.1.2\tmachine-2\t# lab\n`);
  expect(withLabHosts(both, [])).toBe(OWN);
});

test("a file without a last newline, or empty, is no trouble", () => {
  expect(withLabHosts("127.0.0.1 localhost", two.slice(1))).toBe(
    "127.0.0.1 localhost\n10.10.1.2\tmachine-2\t# lab\n",
  );
  expect(withLabHosts("", two.slice(1))).toBe("10.10.1.2\tmachine-2\t# lab\n");
});
