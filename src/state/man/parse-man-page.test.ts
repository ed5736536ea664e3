import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseMarkup } from "./markup.ts";
import type { ManBlock, ManInline } from "./man-tree.ts";
import { parseManPage, sectionWith } from "./parse-man-page.ts";

/** As this guest's mandoc sets them. */
const real = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");

function wordsOf(inlines: readonly ManInline[]): string {
  return inlines
    .map((one) => {
      if ("children" in one) return wordsOf(one.children);
      if (one.type === "reference") return `[${one.page} ${one.section}]`;
      return one.type === "break" ? "\n" : one.text;
    })
    .join("");
}

function outline(block: ManBlock): unknown {
  if (block.type === "paragraph" || block.type === "code") return wordsOf(block.children);
  if (block.type === "indent") return block.children.map(outline);
  if (block.type === "list") return { list: block.items.map((item) => item.map(outline)) };
  if (block.type === "table") return { table: block.rows.map((row) => row.map((cell) => cell.map(outline))) };
  return { terms: block.items.map(({ terms, body }) => [terms.map(wordsOf), body.map(outline)]) };
}

const section = (body: string): string => `<section class="Sh"><h1 class="Sh">NAME</h1>${body}</section>`;
const blocks = (body: string): readonly ManBlock[] => parseManPage(section(body))?.sections[0]?.blocks ?? [];

describe("a page of this guest", () => {
  it("has its sections, its last line, and its sentences without line breaks", () => {
    const page = parseManPage(real("uts_namespaces.7"));
    expect(page?.sections.map(({ title, level }) => [title, level])).toEqual([
      ["NAME", 1],
      ["DESCRIPTION", 1],
      ["SEE ALSO", 1],
    ]);
    expect(page?.foot).toBe("2022-12-04 · Linux man-pages 6.03");
    expect(page?.sections[1]?.blocks.map(outline)).toEqual([
      "UTS namespaces provide isolation of two system identifiers: the hostname and the NIS domain name. These identifiers are set using [sethostname 2] and [setdomainname 2], and can be retrieved using [uname 2], [gethostname 2], and [getdomainname 2]. Changes made to these identifiers are visible to all other processes in the same UTS namespace, but are not visible to processes in other UTS namespaces.",
      "When a process creates a new UTS namespace using [clone 2] or [unshare 2] with the CLONE_NEWUTS flag, the hostname and domain name of the new UTS namespace are copied from the corresponding values in the caller's UTS namespace.",
      "Use of UTS namespaces requires a kernel that is configured with the CONFIG_UTS_NS option.",
    ]);
  });

  it("has its options, each with what it means further in", () => {
    const page = parseManPage(real("setsid.1"));
    const options = page?.sections.find(({ title }) => title === "OPTIONS");
    expect(options?.blocks.slice(0, 4).map(outline)).toEqual([
      "-c, --ctty",
      ["Set the controlling terminal to the current one."],
      "-f, --fork",
      ["Always create a new process."],
    ]);
    expect(options?.blocks[0]).toEqual({
      type: "paragraph",
      children: [
        { type: "strong", children: [{ type: "text", text: "-c" }] },
        { type: "text", text: ", " },
        { type: "strong", children: [{ type: "text", text: "--ctty" }] },
      ],
    });
  });

  it("is found by a heading, whatever its case", () => {
    const page = parseManPage(real("setsid.1")) ?? { sections: [], foot: "" };
    expect(sectionWith(page, "see  also")).toBe(5);
    expect(sectionWith(page, "EXAMPLES")).toBe(-1);
  });
});

describe("what pages are made of", () => {
  it("keeps examples line by line", () => {
    const [example] = blocks("<pre># cat \\\n<br/>\n   a &gt; b\n</pre>");
    expect(example).toEqual({
      type: "code",
      children: [
        { type: "text", text: "# cat \\\n" },
        { type: "text", text: "\n   a > b" },
      ],
    });
  });

  it("pairs terms with what they mean", () => {
    const list =
      '<dl class="Bl-tag"><dt id="a"><b>-a</b></dt><dt>-b</dt><dd>Both.<p class="Pp">More.</p></dd><dt>-c</dt></dl>';
    expect(blocks(list).map(outline)).toEqual([
      {
        terms: [
          [
            ["-a", "-b"],
            ["Both.", "More."],
          ],
          [["-c"], []],
        ],
      },
    ]);
  });

  it("has lists and tables, and leaves out rows that only draw a line", () => {
    expect(blocks("<ul><li>one</li><li><p>two</p></li></ul>").map(outline)).toEqual([
      { list: [["one"], ["two"]] },
    ]);
    const rows = "<tr><td><b>IPC</b></td><td></td></tr><tr></tr><tr><td>a</td><td>b<br/>c</td></tr>";
    expect(blocks(`<table class="tbl">${rows}</table>`).map(outline)).toEqual([
      {
        table: [
          [["IPC"], []],
          [["a"], ["b\nc"]],
        ],
      },
    ]);
  });

  it("knows other pages by bold names and in plain words, and calls of functions not", () => {
    const [text] = blocks("<p>See <b>lsns</b>(8), man(1), <i>f</i>(x), (7) and <b>two words</b>(7).</p>");
    expect(text === undefined ? "" : outline(text)).toBe(
      "See [lsns 8], [man 1], f(x), (7) and two words(7).",
    );
  });

  it("links to secure addresses only", () => {
    const [safe, unsafe] = blocks(
      '<p><a class="Lk" href="https://kernel.org/a">there</a></p><p><a class="Lk" href="javascript:alert(1)">here</a></p>',
    );
    expect(safe).toMatchObject({ children: [{ type: "link", url: "https://kernel.org/a" }] });
    expect(unsafe).toEqual({ type: "paragraph", children: [{ type: "text", text: "here" }] });
  });
});

describe("what a guest may print instead", () => {
  it("is no page when it has no heading", () => {
    for (const text of ["", "<", "man: no", "<section><p>a</p></section>", "\u0000\u001b[1m<h1></h1>"])
      expect(parseManPage(text)).toBeUndefined();
  });

  it("stays text: scripts, attributes and tags that are none", () => {
    const [first] = blocks('<p>a <script src="x">alert()</script> <img src=x onerror=y>b &lt;b&gt; < c</p>');
    expect(first).toEqual({
      type: "paragraph",
      children: ["a ", "alert()", " ", "b <b> < c"].map((text) => ({ type: "text", text })),
    });
  });

  it("loses control characters, and what turns its direction around", () => {
    expect(parseMarkup("a\u001b[31mb\u202ec&#x1b;&#8238;d&#x110000;&bogus;")).toEqual([
      "a[31mbcd&#x110000;&bogus;",
    ]);
  });

  it("may be deep, unclosed and closed too often", () => {
    expect(blocks("<p>a</i></b>").map(outline)).toEqual(["a"]);
    expect(blocks(`${"<div>".repeat(50_000)}deep${"</div>".repeat(60_000)}`).map(outline)).toEqual(["deep"]);
  });

  it.each([
    ["half a tag", "<"],
    ["half an attribute", '<a b="'],
    ["tags without end", "<b "],
    ["deep ones", "<b>"],
    ["closing ones", "</b>"],
    ["half a reference", "a("],
    ["one long word", "a"],
    ["entities", "&#x"],
    ["rows", "<tr><td>"],
  ])("takes time by its length: %s", (_, piece) => {
    const source = section(`<p>${piece.repeat(Math.ceil((512 * 1024) / piece.length))}`);
    // One that took the square of it would not end before the test's own deadline.
    expect(parseManPage(source)?.sections).toHaveLength(1);
  });
});
