/**
 * The picture and the table answer the same questions, in words that are on the screen: at the width of a phone, without
 * colours, hovering or details.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { poll } from "../support/poll.ts";
import { SITUATIONS } from "./fixtures.ts";
import { type Harness, openHarness, readable } from "./open.ts";
import { type Answer, type Lens, QUESTIONS } from "./questions.ts";

const PHONE = { viewport: { width: 390, height: 800 } };

let harness: Harness;

beforeAll(async () => {
  harness = await openHarness();
});

afterAll(async () => {
  await harness.close();
});

interface Read {
  /** What stands in the picture in each of the lenses, and in the lines of the tables. */
  readonly lines: Readonly<Record<Lens | "table", readonly string[]>>;
  /** How wide the page was in each of its views, in pixels. */
  readonly widths: readonly number[];
}

/** Looks at a situation in every view. */
async function readAll(situation: string): Promise<Read> {
  const { page, complaints } = await harness.open(`situation=${situation}`, PHONE);
  try {
    const widths: number[] = [];
    const read = async (places: string): Promise<string[]> => {
      widths.push(await page.evaluate(() => document.documentElement.scrollWidth));
      return readable(page, `${places}, .told-latest`);
    };
    const picture = (): Promise<string[]> => read(".xray .machine");
    const press = (name: string): Promise<void> => page.click(`[data-testid=xray-${name}]`);
    const outside = await picture();
    await press("inside");
    await page.waitForSelector(".xray .sight");
    const inside = await picture();
    await press("outside");
    await press("cgroups");
    await page.waitForSelector(".xray[data-lens=cgroups]");
    const cgroups = await picture();
    await press("table");
    await page.waitForSelector(".xray-table tbody tr");
    // A table may be wider than the screen: it scrolls, so nothing of it is cut off.
    const table = await read(".xray-table tr, .xray-table .notes li");
    await press("beside");
    await page.waitForSelector(".beside figure");
    await read(".beside figure");
    expect(complaints).toEqual([]);
    return { lines: { outside, inside, cgroups, table }, widths };
  } finally {
    await page.close();
  }
}

function isAnswered(lines: readonly string[], answer: Answer): boolean {
  return lines.some((line) => (typeof answer === "string" ? line.includes(answer) : answer.test(line)));
}

test("every situation has twelve questions", () => {
  expect(Object.keys(QUESTIONS)).toEqual(Object.keys(SITUATIONS));
  for (const questions of Object.values(QUESTIONS))
    expect(new Set(questions.map(({ asks }) => asks)).size).toBeGreaterThanOrEqual(12);
});

test.each(Object.entries(QUESTIONS))(
  "%s: all questions have answers, on a phone",
  async (situation, questions) => {
    const { lines, widths } = await readAll(situation);
    const unanswered = questions.flatMap(({ asks, lens = "outside", picture, table }) => [
      ...(isAnswered(lines[lens], picture) ? [] : [`${asks} Not in the picture: ${picture}`]),
      ...(isAnswered(lines.table, table) ? [] : [`${asks} Not in the table: ${table}`]),
    ]);
    expect(unanswered).toEqual([]);
    expect(Math.max(...widths)).toBeLessThanOrEqual(PHONE.viewport.width);
  },
);

test("Tab stops once in the picture, arrows lead through it, Enter tells all", async () => {
  const { page, complaints } = await harness.open("situation=pid");
  expect(await page.locator(".xray .machines button[tabindex='0']").count()).toBe(1);
  await page.focus(".xray .machines button[tabindex='0']");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await poll(async () => (await page.textContent(".xray-details h3")) === "bash (98)");
  await page.getByRole("button", { name: "Compare with …" }).click();
  await page.getByRole("button", { name: /^52 bash/ }).click();
  await poll(
    async () => (await page.textContent(".compare-sum")) === "They share 7 of 8 kinds of namespaces.",
  );
  expect(complaints).toEqual([]);
  await page.close();
});

test("a crowd opens, and what is focused keeps the focus while the picture changes", async () => {
  const { page } = await harness.open("situation=bomb&at=1");
  await page.getByRole("button", { name: "sleep ×240" }).click();
  expect(await page.locator(".row").count()).toBeGreaterThan(240);
  const member = page.getByRole("button", { name: /^301 sleep/ });
  await member.focus();
  await page.locator(".scrub input").evaluate((input: HTMLInputElement) => {
    input.value = "0";
    input.dispatchEvent(new Event("input"));
  });
  await poll(async () => (await page.textContent(".scrub output"))?.startsWith("500 ms ago"));
  expect(await member.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.close();
});

test("seen from inside, who is outside is struck out, and can be read", async () => {
  const { page } = await harness.open("situation=pid&seen=inside");
  const seen = await page.locator(".row:not(.unseen) .proc-name").allInnerTexts();
  expect(seen).toEqual(["bash", "sleep"]);
  const outside = page.locator(".row.unseen .proc-name").first();
  expect(await outside.isVisible()).toBe(true);
  expect(
    await outside.evaluate((name) => [
      getComputedStyle(name).textDecorationLine,
      getComputedStyle(name.closest(".unseen") ?? name).opacity,
    ]),
  ).toEqual(["line-through", "1"]);
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
