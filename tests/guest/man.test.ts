/** The manual: mandoc as man, its pager, its index, and the pages that lessons cite. */
import { expect, test } from "vitest";
import { setManual, startMachine } from "../../src/cli/index.ts";
import { type ManBlock, type ManInline, type ManPage, parseManPage } from "../../src/state/index.ts";
import { sh, shared, text } from "../support/guest.ts";
import { poll } from "../support/poll.ts";
import { sitDown } from "../support/typing.ts";

/** What is left of a text without blanks, which markup and data break differently. */
const letters = (words: string): string => words.replaceAll(/[\s\u00a0]+/g, "");

/** What markup says between its tags, from the first heading to the last line's table. */
function bodyOf(source: string): string {
  return source
    .replace(/^[^]*?(?=<h1)/, "")
    .replace(/<table class="foot">[^]*$/, "")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&#x([0-9A-F]+);/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

const inWords = (inlines: readonly ManInline[]): string =>
  inlines
    .map((one) => {
      if ("children" in one) return inWords(one.children);
      if (one.type === "reference") return `${one.page}(${one.section})`;
      return one.type === "text" ? one.text : "";
    })
    .join("");

const inBlocks = (blocks: readonly ManBlock[]): string =>
  blocks
    .map((block) => {
      if (block.type === "paragraph" || block.type === "code") return inWords(block.children);
      if (block.type === "indent") return inBlocks(block.children);
      if (block.type === "list") return block.items.map(inBlocks).join("");
      if (block.type === "table") return block.rows.flatMap((cells) => cells.map(inBlocks)).join("");
      return block.items.map(({ terms, body }) => terms.map(inWords).join("") + inBlocks(body)).join("");
    })
    .join("");

const lettersOf = (page: ManPage | undefined): string =>
  letters((page?.sections ?? []).map(({ title, blocks }) => title + inBlocks(blocks)).join(""));

const machine = shared(startMachine, (started) => started.dispose());

for (const user of ["root", "learner"]) {
  test(`${user} reads a page in the pager, with its headings in bold, and gets the prompt back`, async () => {
    const { terminal, expectAfter } = await sitDown(machine(), { user });
    const page = await expectAfter("man unshare\n", /line \d+ of \d+ /);
    expect(page).toMatch(/UNSHARE\(1\) +User Commands +UNSHARE\(1\)/);
    expect(page).toContain("\u001B[1mNAME");
    expect(page).toContain("\u001B[4mprogram");
    expect(page).not.toMatch(/outdated|\/tmp\//);
    await expectAfter("/propagation\n", /propagation/);
    const after = await expectAfter("q", /[$#] $/);
    expect(after).not.toMatch(/mman|mandoc/);
    terminal.dispose();
  });
}

/** How wide a page is that is read in a terminal of so many columns. */
async function widthAt(cols: number): Promise<number> {
  const argv = ["bash", "-lc", "MANPAGER=cat man 7 pid_namespaces"];
  const terminal = await machine().openTerminal({ user: "learner", cols, rows: 24, argv });
  const decoder = new TextDecoder();
  let all = "";
  terminal.onOutput(({ bytes }) => {
    all += decoder.decode(bytes, { stream: true });
    terminal.shown(bytes.length);
  });
  expect(await terminal.exited).toEqual({ how: "exited", code: 0 });
  await poll(() => /Linux man-pages[^]*pid_namespaces\(7\)\r\n$/.test(all), { what: "the page's last line" });
  // Bold and underlined are a letter, a backspace, and the letter again.
  return Math.max(...all.split("\r\n").map((line) => line.length - 2 * (line.split("\b").length - 1)));
}

test("a page is as wide as the terminal, up to what reads well", async () => {
  for (const [cols, atLeast, atMost] of [
    [40, 34, 40],
    [80, 72, 80],
    [200, 72, 80],
  ] as const) {
    const widest = await widthAt(cols);
    expect(widest).toBeGreaterThanOrEqual(atLeast);
    expect(widest).toBeLessThanOrEqual(atMost);
  }
});

test("characters beyond ASCII follow the locale", async () => {
  const count = (locale: string): Promise<string> =>
    sh(machine(), `LC_ALL=${locale} man 7 capabilities | grep -cP '[^\\x00-\\x7F]' || true`);
  expect(Number(await count("C.UTF-8"))).toBeGreaterThan(20);
  expect(Number(await count("C"))).toBe(0);
});

test("the pages that lessons cite are there, each in its section", async () => {
  const cited = {
    1: "unshare nsenter setpriv capsh crun ps kill chrt prlimit flock su ipcs dmesg lscpu man apropos",
    2: "clone unshare setns pivot_root mount umount chroot ioctl_ns",
    4: "null ram loop pts",
    5: "subuid subgid tmpfs",
    7:
      "namespaces cgroup_namespaces ipc_namespaces mount_namespaces network_namespaces pid_namespaces " +
      "time_namespaces user_namespaces uts_namespaces cgroups capabilities credentials signal mq_overview sysvipc",
    8: "lsns findmnt pivot_root switch_root mount umount losetup lsblk chroot sysctl ip ip-netns ip-link ss setcap",
  };
  for (const [section, names] of Object.entries(cited)) {
    const found = await sh(machine(), `for name in ${names}; do man -w ${section} $name; done 2>&1`);
    const paths = names.split(" ").map((name) => `/usr/share/man/man${section}/${name}.${section}`);
    expect(found.trim().split("\n")).toEqual(paths);
  }
});

test("every page formats without a word of complaint, links included", async () => {
  const out = await sh(
    machine(),
    `cd /usr/share/man
     # In a few tables it leaves out a line that would set a font or a distance.
     for page in man?/*; do mandoc -T ascii -W unsupp $page 2>&1 >/tmp/page | grep -vE 'ignoring macro in table|see above the output' >/tmp/complaints
       [[ $(wc -l </tmp/page) -ge 15 && ! -s /tmp/complaints ]] || echo "$page: $(head -1 /tmp/complaints)"
     done
     ls man?/* | wc -l`,
    { timeoutMs: 240_000 },
  );
  expect(out).toMatch(/^\d+\n$/);
  expect(Number(out)).toBeGreaterThan(100);
});

test("apropos and whatis search the index", async () => {
  const found = await sh(machine(), "apropos namespace; echo; man -k '^cgroups'; echo; whatis unshare");
  const [broad, narrow, exact] = found.trim().split("\n\n");
  for (const page of ["namespaces(7)", "user_namespaces(7)", "nsenter(1)", "unshare(1)", "lsns(8)"]) {
    expect(broad).toContain(page);
  }
  expect(broad).not.toContain("nice(1)");
  expect(narrow).toMatch(/^cgroups\(7\) - .*$/);
  expect(exact?.split("\n").map((line) => line.split(" - ")[0])).toEqual(["unshare(1)", "unshare(2)"]);
});

test("a page that is not there is told in one sentence", async () => {
  const { status, stdout, stderr } = await machine().exec({ argv: ["man", "nosuchpage"] });
  expect(text(stdout)).toBe("");
  expect(text(stderr)).toMatch(/^m?man: No entry for nosuchpage in the manual\.\n$/);
  expect(status).toEqual({ how: "exited", code: 5 });
});

test("all of the manual is set as data, each page with its sections, and nothing of it is lost", async () => {
  const manual = await setManual(machine());
  const listed = (await sh(machine(), "cd /usr/share/man && ls -d man?/*")).trim().split("\n");
  expect(Object.keys(manual).toSorted()).toEqual(
    listed.map((path) => path.replace(/^man.\/(.*)\.(\w+)$/, "$1($2)")).toSorted(),
  );
  const lossy = Object.entries(manual).filter(([, source]) => {
    const page = parseManPage(source);
    return page?.sections[0]?.title !== "NAME" || lettersOf(page) !== letters(bodyOf(source));
  });
  expect(lossy.map(([name]) => name)).toEqual([]);
  const heading = "The namespace init process";
  expect(parseManPage(manual["pid_namespaces(7)"] ?? "")?.sections.map(({ title }) => title)).toContain(
    heading,
  );
});
