import { effect } from "@preact/signals";
import { type ComponentChildren, type JSX, render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayInLab, sayXrayPane } from "../i18n/index.ts";
import type { BesideDesk } from "./beside-offers.ts";
import { loadXray } from "./load-xray.ts";
import { saveFile } from "./save-file.ts";
import type { XrayState } from "./xray-state.ts";
import { XrayToolbar } from "./xray-toolbar.tsx";
import type { XrayWidgets } from "./xray-widgets.ts";

/** A machine that runs has been seen by then. */
const LONG_MS = 1500;

/** The X-ray: what isolates what, live, as a picture, as tables, or as machines beside containers. */
export function XrayPane(props: {
  readonly state: XrayState;
  /** What the page adds to its tools. */
  readonly controls?: ComponentChildren;
  /** What the page lets be made from here; nothing if not given. */
  readonly besideDesk?: BesideDesk;
}): JSX.Element {
  const { state, controls, besideDesk } = props;
  const tab = state.tab.value;
  const isNothing = state.machines.value.length === 0;
  const [phase, setPhase] = useState<"loading" | "ready" | "failed">("loading");
  const [attempt, setAttempt] = useState(0);
  const [isDrawn, setDrawn] = useState(false);
  const [isLong, setLong] = useState(false);
  const [notice, setNotice] = useState("");
  const pictureRef = useRef<HTMLDivElement>(null);
  const tableRef = useRef<HTMLDivElement>(null);
  const besideRef = useRef<HTMLDivElement>(null);
  const detailsRef = useRef<HTMLDivElement>(null);
  const chartRef = useRef<HTMLDivElement>(null);
  const timelineRef = useRef<HTMLDivElement>(null);
  const widgetsRef = useRef<XrayWidgets>(undefined);

  useEffect(() => {
    let isGone = false;
    const mount = async (): Promise<void> => {
      try {
        const [xray, { makeXrayWidgets }] = await Promise.all([loadXray(), import("./xray-widgets.ts")]);
        const [picture, table, beside] = [pictureRef.current, tableRef.current, besideRef.current];
        const [details, chart, timeline] = [detailsRef.current, chartRef.current, timelineRef.current];
        if (isGone || !picture || !table || !beside || !details || !chart || !timeline) return;
        const places = { picture, table, beside, details, chart, timeline };
        widgetsRef.current = makeXrayWidgets(xray, places, {
          state,
          besideDesk,
          onDrawn: () => setDrawn(true),
        });
        setPhase("ready");
      } catch {
        if (!isGone) setPhase("failed");
      }
    };
    void mount();
    return () => {
      isGone = true;
      widgetsRef.current?.dispose();
      widgetsRef.current = undefined;
    };
  }, [state, besideDesk, attempt]);

  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    if (phase !== "ready") return undefined;
    let request = 0;
    const draw = (): void => {
      request = 0;
      widgetsRef.current?.draw(tab);
    };
    // However many of these change at once, it is drawn once; and never while nobody sees the page.
    const stop = effect(() => {
      for (const one of [
        state.machines,
        state.history,
        state.events,
        state.lens,
        state.seen,
        state.selection,
      ])
        void one.value;
      void state.costs.value;
      void besideDesk?.offers.value;
      if (request === 0) request = requestAnimationFrame(draw);
    });
    return () => {
      stop();
      cancelAnimationFrame(request);
    };
  }, [state, besideDesk, phase, tab]);

  const onSave = async (kind: "svg" | "png" | "json"): Promise<void> => {
    setNotice("");
    try {
      const blob = await widgetsRef.current?.save(kind);
      if (blob !== undefined) saveFile(blob, `vivarium-xray.${kind}`);
    } catch {
      setNotice(sayXrayPane("xray.pane.export-failed"));
    }
  };

  return (
    <section class="xray-pane" aria-label={sayXrayPane("xray.pane.label")} data-testid="xray">
      <h2 class="visually-hidden">{sayXrayPane("xray.open")}</h2>
      <XrayToolbar state={state} controls={controls} onSave={(kind) => void onSave(kind)} />
      <output class="small">{notice}</output>
      {phase !== "failed" && !isDrawn && (
        <p class="quiet-line">
          {phase === "ready" && isNothing && isLong
            ? sayXrayPane("xray.pane.nothing")
            : `${sayXrayPane("xray.pane.reading")} …`}
        </p>
      )}
      {phase === "failed" && (
        <div class="fault" role="alert">
          <p>{sayXrayPane("xray.pane.failed")}</p>
          <button
            type="button"
            class="primary"
            onClick={() => {
              setPhase("loading");
              setAttempt(attempt + 1);
            }}
          >
            {sayInLab("fault.retry")}
          </button>
        </div>
      )}
      <div class="xray-stage">
        <div class="xray-main">
          <div ref={pictureRef} hidden={tab !== "picture"} />
          <div ref={tableRef} hidden={tab !== "table"} />
          <div ref={besideRef} hidden={tab !== "beside"} />
          <div ref={timelineRef} />
        </div>
        <div class="xray-side">
          <div ref={detailsRef} />
          <div ref={chartRef} hidden />
        </div>
      </div>
    </section>
  );
}

/** Shows the X-ray alone in `root`. Returns what takes it away again. */
export function showXray(root: HTMLElement, state: XrayState): () => void {
  render(<XrayPane state={state} />, root);
  return () => render(null, root);
}
