import { expect, test } from "vitest";
import { junit } from "./junit.ts";

test("a report says what failed, and holds nothing that XML forbids", () => {
  const text = junit([
    {
      lesson: "a/b",
      title: "B",
      milliseconds: 1500,
      trials: [
        { step: "one", name: "set-up", failure: undefined, milliseconds: 10 },
        { step: "one", name: 'wrong: "<&"', failure: "no\n\u001b[31mred\u0000", milliseconds: 20 },
      ],
    },
  ]);
  expect(text).toContain('<testsuite name="a/b" tests="2" failures="1" time="1.500">');
  expect(text).toContain('<testcase classname="a/b/one" name="set-up" time="0.010"/>');
  expect(text).toContain('name="wrong: &quot;&lt;&amp;&quot;"');
  expect(text).toContain('<failure message="no">no\n\uFFFD[31mred\uFFFD</failure>');
});
