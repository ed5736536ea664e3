import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { boundsOf, keyMove, type Room, type Share, within } from "../../state/index.ts";
import { useLab } from "../lab-context.ts";
import { LEAST, letterScale } from "./rooms.ts";
import { useExtent } from "./use-extent.ts";

interface SeparatorProps {
  readonly share: Share;
  /** The way that it moves. */
  readonly axis: "x" | "y";
  readonly label: string;
}

const percent = (share: number): number => Math.round(share * 100);

/** Stands between two panels in a grid; moved by pointer and by keys, and back to where it was by a double click. */
export function Separator({ share, axis, label }: SeparatorProps): JSX.Element {
  const { panels } = useLab();
  const lineRef = useRef<HTMLHRElement>(null);
  const aroundRef = useRef<Element>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly share: number }>();
  useLayoutEffect(() => {
    aroundRef.current = lineRef.current?.parentElement ?? null;
  }, []);
  const { width, height } = useExtent(aroundRef);
  const pixels = axis === "x" ? width : height;
  const room: Room = { total: pixels / letterScale(), ...LEAST[share] };
  const now = within(panels.layout.value.shares[share], room);
  const { least, most } = boundsOf(room);
  const at = (event: PointerEvent): number => (axis === "x" ? event.clientX : event.clientY);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- one that is moved is a control: WAI-ARIA, "separator"
    <hr
      ref={lineRef}
      class={`separator along-${axis}`}
      data-share={share}
      data-moving={drag !== undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      aria-orientation={axis === "x" ? "vertical" : "horizontal"}
      aria-label={label}
      aria-valuenow={percent(now)}
      aria-valuemin={percent(least)}
      aria-valuemax={percent(most)}
      title={label}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: at(event), share: now });
      }}
      onPointerMove={(event) => {
        if (drag === undefined || pixels === 0) return;
        panels.resize(share, within(drag.share + (at(event) - drag.from) / pixels, room));
      }}
      onPointerUp={() => setDrag(undefined)}
      onPointerCancel={() => setDrag(undefined)}
      onLostPointerCapture={() => setDrag(undefined)}
      onDblClick={() => panels.resetSize(share)}
      onKeyDown={(event) => {
        const to = keyMove(event, now, room, axis);
        if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        panels.resize(share, to);
      }}
    />
  );
}
