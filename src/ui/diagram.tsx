import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import type { ObservationBlock } from "../state/index.ts";
import type { XrayFrame } from "../views/index.ts";
import { type LoadedXray, loadXray } from "./load-xray.ts";

/** So far below what is seen it is fetched and drawn. */
const AHEAD = "400px";

function frameOf({ machines, lens }: ObservationBlock): XrayFrame {
  return {
    machines: machines.map((one) => ({ ...one, before: undefined, phase: "" })),
    lens,
    seen: "outside",
    selection: [],
  };
}

/** What the X-ray saw once: its picture, standing still, and its tables. Drawn when it comes near to what is seen. */
export function Diagram({ block }: { readonly block: ObservationBlock }): JSX.Element {
  const figureRef = useRef<HTMLElement>(null);
  const pictureRef = useRef<HTMLDivElement>(null);
  const tableRef = useRef<HTMLDivElement>(null);
  const [loaded, setLoaded] = useState<LoadedXray>();
  const [hasFailed, setFailed] = useState(false);
  const [isTable, setTable] = useState(false);

  useEffect(() => {
    const figure = figureRef.current;
    if (figure === null || hasFailed || loaded !== undefined) return undefined;
    let isGone = false;
    const load = async (): Promise<void> => {
      try {
        const found = await loadXray();
        if (!isGone) setLoaded(found);
      } catch {
        if (!isGone) setFailed(true);
      }
    };
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        near.disconnect();
        void load();
      },
      { rootMargin: AHEAD },
    );
    near.observe(figure);
    return () => {
      isGone = true;
      near.disconnect();
    };
  }, [hasFailed, loaded]);

  useEffect(() => {
    const picture = pictureRef.current;
    if (loaded === undefined || picture === null) return undefined;
    const view = new loaded.xray.XrayView(picture, { say: loaded.say, model: new loaded.xray.XrayModel() });
    view.show(frameOf(block));
    return () => view.dispose();
  }, [loaded, block]);

  useEffect(() => {
    const table = tableRef.current;
    if (loaded === undefined || table === null || !isTable) return undefined;
    const view = new loaded.xray.XrayTable(table, { say: loaded.say, model: new loaded.xray.XrayModel() });
    view.show(frameOf(block));
    return () => view.dispose();
  }, [loaded, isTable, block]);

  return (
    <figure ref={figureRef} class="diagram" data-testid="diagram" data-drawn={loaded !== undefined}>
      {/* Nothing in it can be chosen; its words stand in the caption, and all of it in the table. */}
      <div ref={pictureRef} class="diagram-picture" aria-hidden="true" inert />
      <figcaption>
        <span class="visually-hidden">{block.alternative}</span>
        {hasFailed && (
          <p class="small" role="alert">
            {block.alternative} {sayInLab("diagram.failed")}{" "}
            <button type="button" class="quiet" onClick={() => setFailed(false)}>
              {sayInLab("fault.retry")}
            </button>
          </p>
        )}
        <details class="diagram-table" onToggle={(event) => setTable(event.currentTarget.open)}>
          <summary>{sayInLab("diagram.table")}</summary>
          <div ref={tableRef} />
        </details>
      </figcaption>
    </figure>
  );
}
