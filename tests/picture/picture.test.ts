/**
 * The picture and the table answer the same questions, in words that are on the screen: at the width of a phone, without
 * colours, hovering or details.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { type Harness, openHarness } from "./open.ts";

const PHONE = { viewport: { width: 390, height: 800 } };

interface Question {
  readonly asks: string;
  readonly situation: string;
  readonly lens?: "cgroups";
  /** What stands in the picture; spaces stand for any white space. */
  readonly picture: string;
  readonly table: string;
}

const QUESTIONS: readonly Question[] = [
  { asks: "who is PID 1 inside?", situation: "pid", picture: "98 bash 1", table: "98 1 bash" },
  {
    asks: "whose next child will be in another PID namespace?",
    situation: "pid",
    picture: "97 unshare next child → PID namespace 2",
    table: "97 – unshare",
  },
  {
    asks: "whose processes does its /proc list?",
    situation: "pid",
    picture: "its /proc lists another PID namespace's processes",
    table: "pid 2 4026532101",
  },
  {
    asks: "what numbers has a process three levels deep?",
    situation: "nested",
    picture: "125 sleep 11 5",
    table: "125 11 → 5 sleep",
  },
  {
    asks: "who is root inside?",
    situation: "nested",
    picture: "root (0) in here is user 1000 outside",
    table: "uid_map: 0 → 1000",
  },
  {
    asks: "what keeps a namespace in which nobody lives?",
    situation: "nested",
    picture: "kept by a mount at /run/netns/blue",
    table: "mount at /run/netns/blue",
  },
  {
    asks: "who is throttled, by which limit?",
    situation: "memory",
    lens: "cgroups",
    picture: "CPU 20 %, max 20 % pids 1 throttled in 80 % of its periods",
    table: "20000 / 100000 40 of 50",
  },
  {
    asks: "who was killed for want of memory?",
    situation: "memory",
    lens: "cgroups",
    picture: "oom_kill 1",
    table: "/demo 1 4.2 MiB 8 MiB 16 MiB high 155, max 12, oom_kill 1",
  },
  {
    asks: "what uses memory though nobody is there?",
    situation: "memory",
    lens: "cgroups",
    picture: "files in tmpfs; no owner alive",
    table: "/left 0 5.6 MiB",
  },
  {
    asks: "which share a network?",
    situation: "containers",
    picture: "3 boxes, one network (network namespace 2)",
    table: "eth0 net 2 veth 10.88.0.2/16 UP veth1 (init's)",
  },
  {
    asks: "which container lacks a network of its own?",
    situation: "containers",
    picture: "no network namespace: it uses the machine's network",
    table: "255 1 sh 254 0 0 S / init's init's mnt 11 init's pid 11",
  },
  {
    asks: "who is refused a fork?",
    situation: "bomb",
    lens: "cgroups",
    picture: "300, max 300 fork refused 8123×",
    table: "300 300 8123",
  },
  { asks: "how many are there of one name?", situation: "bomb", picture: "sleep ×240", table: "539 – sleep" },
  {
    asks: "why does a machine stand still?",
    situation: "machines",
    picture: "Kernel panic - not syncing: sysrq triggered crash",
    table: "Machine machine-3",
  },
];

let harness: Harness;

beforeAll(async () => {
  harness = await openHarness();
});

afterAll(async () => {
  await harness.close();
});

const read = new Map<string, Promise<string>>();

/** All that is on the screen, with one space for any white space. */
function words(query: string, place: string): Promise<string> {
  const known = read.get(query) ?? readWords(query, place);
  read.set(query, known);
  return known;
}

async function readWords(query: string, place: string): Promise<string> {
  const { page, complaints } = await harness.open(query, PHONE);
  try {
    const found = await page.locator(place).allInnerTexts();
    expect(complaints).toEqual([]);
    return found.join(" ").replaceAll(/\s+/g, " ");
  } finally {
    await page.close();
  }
}

describe.each(QUESTIONS)("$situation: $asks", ({ situation, lens, picture, table }) => {
  test("in the picture", async () => {
    const query = `situation=${situation}${lens === undefined ? "" : `&lens=${lens}`}`;
    expect(await words(query, ".xray .machine")).toContain(picture);
  });

  test("in the table", async () => {
    expect(await words(`situation=${situation}&tab=table`, ".machine-tables")).toContain(table);
  });
});

test("nothing is wider than a phone", async () => {
  for (const query of [
    "situation=nested",
    "situation=containers",
    "situation=memory&lens=cgroups",
    "situation=containers&tab=beside",
  ]) {
    const { page } = await harness.open(query, PHONE);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.close();
  }
});

test("Tab stops once in the picture, arrows lead through it, Enter tells all", async () => {
  const { page, complaints } = await harness.open("situation=pid");
  expect(await page.locator(".xray .machines button[tabindex='0']").count()).toBe(1);
  await page.focus(".xray .machines button[tabindex='0']");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await poll(async () => (await page.textContent(".xray-details h3")) === "bash (98)");
  await page.getByRole("button", { name: "Compare with …" }).click();
  await page.getByRole("button", { name: "bash, process 52" }).click();
  await poll(
    async () => (await page.textContent(".compare-sum")) === "They share 7 of 8 kinds of namespaces.",
  );
  expect(complaints).toEqual([]);
  await page.close();
});

test("a crowd opens, and what is focused keeps the focus while the picture changes", async () => {
  const { page } = await harness.open("situation=bomb&at=1");
  await page.getByRole("button", { name: "240 processes named sleep" }).click();
  expect(await page.locator(".row").count()).toBeGreaterThan(240);
  const member = page.getByRole("button", { name: "sleep, process 301" });
  await member.focus();
  await page.locator(".scrub input").evaluate((input: HTMLInputElement) => {
    input.value = "0";
    input.dispatchEvent(new Event("input"));
  });
  await poll(async () => (await page.textContent(".scrub output"))?.startsWith("500 ms ago"));
  expect(await member.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.close();
});

test("seen from inside, who is outside is grey", async () => {
  const { page } = await harness.open("situation=pid&seen=inside");
  const seen = await page.locator(".row:not(.unseen) .proc-name").allInnerTexts();
  expect(seen).toEqual(["bash", "sleep"]);
  await page.close();
});

test("an export is one drawing of shapes and text, and a bitmap can be made of it", async () => {
  const { page, complaints } = await harness.open("situation=nested");
  const saved = async (kind: string): Promise<Buffer> => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.selectOption("[data-testid=xray-export]", kind),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const drawing = (await saved("svg")).toString();
  expect(drawing).toContain("Container “inner”");
  expect(drawing).not.toMatch(/foreignObject|class=/);
  expect((await saved("png")).subarray(1, 4).toString()).toBe("PNG");
  const data: unknown = JSON.parse((await saved("json")).toString());
  expect(data).toMatchObject({
    format: "vivarium-xray",
    version: 1,
    machines: { "machine-1": [{ source: "memory" }] },
  });
  expect(complaints).toEqual([]);
  await page.close();
});

test("what is taken away leaves nothing behind", async () => {
  const { page } = await harness.open("situation=containers");
  await page.evaluate(() => {
    dispatchEvent(new Event("harness-dispose"));
  });
  expect(await page.locator("#host *").count()).toBe(0);
  await page.close();
});

test("what has left fades and is gone, and its room stays for a while", async () => {
  const { page, complaints } = await harness.open("situation=pid", { reducedMotion: "no-preference" });
  const scrub = (index: number): Promise<void> =>
    page.locator(".scrub input").evaluate((input, value) => {
      if (!(input instanceof HTMLInputElement)) return;
      input.value = String(value);
      input.dispatchEvent(new Event("input"));
    }, index);
  const height = (): Promise<number> =>
    page.locator(".machine-own").evaluate((own) => Math.round(own.getBoundingClientRect().height));
  const before = await height();
  await scrub(0);
  await poll(async () => (await page.locator(".box").count()) === 0);
  expect(await page.locator(".row").count()).toBe(6);
  expect(await height()).toBe(before);
  await poll(async () => (await height()) < before);
  await scrub(1);
  await poll(async () => (await page.locator(".box .row").count()) === 2);
  expect(complaints).toEqual([]);
  await page.close();
});
