import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../i18n/index.ts";
import type { ObservationBlock } from "../state/index.ts";
import type { loadXray, XrayFrame } from "../views/index.ts";

type Xray = Awaited<ReturnType<typeof loadXray>>;

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
  const [xray, setXray] = useState<Xray>();
  const [hasFailed, setFailed] = useState(false);
  const [isTable, setTable] = useState(false);

  useEffect(() => {
    const figure = figureRef.current;
    if (figure === null || hasFailed || xray !== undefined) return undefined;
    let isGone = false;
    const load = async (): Promise<void> => {
      try {
        const { loadXray } = await import("../views/index.ts");
        const loaded = await loadXray();
        if (!isGone) setXray(loaded);
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
  }, [hasFailed, xray]);

  useEffect(() => {
    const picture = pictureRef.current;
    if (xray === undefined || picture === null) return undefined;
    const view = new xray.XrayView(picture, { say, model: new xray.XrayModel() });
    view.show(frameOf(block));
    return () => view.dispose();
  }, [xray, block]);

  useEffect(() => {
    const table = tableRef.current;
    if (xray === undefined || table === null || !isTable) return undefined;
    const view = new xray.XrayTable(table, { say, model: new xray.XrayModel() });
    view.show(frameOf(block));
    return () => view.dispose();
  }, [xray, isTable, block]);

  return (
    <figure ref={figureRef} class="diagram" data-testid="diagram" data-drawn={xray !== undefined}>
      {/* Nothing in it can be chosen; its words stand in the caption, and all of it in the table. */}
      <div ref={pictureRef} class="diagram-picture" aria-hidden="true" inert />
      <figcaption>
        <span class="visually-hidden">{block.alternative}</span>
        {hasFailed && (
          <p class="small" role="alert">
            {block.alternative} {say("diagram.failed")}{" "}
            <button type="button" class="quiet" onClick={() => setFailed(false)}>
              {say("fault.retry")}
            </button>
          </p>
        )}
        <details class="diagram-table" onToggle={(event) => setTable(event.currentTarget.open)}>
          <summary>{say("diagram.table")}</summary>
          <div ref={tableRef} />
        </details>
      </figcaption>
    </figure>
  );
}
