import { loadXray } from "./load-xray.ts";
import { effect } from "@preact/signals";
import { say, sayInLab } from "../i18n/index.ts";
import type { Lab, Lesson } from "../state/index.ts";

/** Wide enough for a box beside the machine's own processes. */
const PICTURE_PX = 800;

type Moment = NonNullable<Lab["postcardMoment"]["value"]>;

/** When a postcard was made, as the reader's own language writes days. */
function dayOf(time: number): string {
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "long" }).format(time);
}

async function draw(lesson: Lesson, { looks }: Moment): Promise<Parameters<Lab["keepPostcard"]>[0]> {
  const { xray, say: sayXray } = await loadXray();
  const host = document.createElement("div");
  host.className = "picture-desk";
  host.inert = true;
  host.style.width = `${PICTURE_PX}px`;
  document.body.append(host);
  const view = new xray.XrayView(host, { say: sayXray, model: new xray.XrayModel() });
  try {
    view.show({
      machines: [...looks].map(([name, observation]) => ({
        name: looks.size === 1 ? sayInLab("postcard.machine") : name,
        observation,
        before: undefined,
        phase: "",
      })),
      lens: "namespaces",
      seen: "outside",
      selection: [],
    });
    const time = Date.now();
    const words = {
      title: lesson.title,
      line: sayInLab("postcard.line", { day: dayOf(time) }),
      brand: say("app.name"),
    };
    const {
      text: svg,
      width,
      height,
    } = xray.postcardSvg(xray.drawSvg(view.element, sayXray("xray.picture.label")), words);
    return { schema: 1, lesson: lesson.id, svg, width, height, time };
  } finally {
    view.dispose();
    host.remove();
  }
}

/** Draws a lesson's postcard when its moment has come. Returns what ends that. */
export function makePostcards(lab: Lab, lesson: Lesson): () => void {
  let isOver = false;
  const keep = async (moment: Moment): Promise<void> => {
    try {
      const postcard = await draw(lesson, moment);
      if (!isOver && lab.postcardMoment.value === moment) lab.keepPostcard(postcard);
    } catch {
      // A lesson does not fail for a picture.
    }
  };
  const stop = effect(() => {
    const moment = lab.postcardMoment.value;
    if (moment !== undefined) void keep(moment);
  });
  return () => {
    isOver = true;
    stop();
  };
}
