import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayInLab } from "../i18n/index.ts";
import { INTAKE_COUNT } from "../state/index.ts";
import { useLab } from "./lab-context.ts";

/** Lies over the terminal while files are dragged across it, and takes them. */
export function FileDrop(): JSX.Element {
  const lab = useLab();
  const rootRef = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const place = rootRef.current?.parentElement;
    if (place === null || place === undefined) return undefined;
    let isGone = false;
    let release: () => void = () => undefined;
    const mount = async (): Promise<void> => {
      const { takeDrops } = await import("../views/index.ts");
      if (isGone) return;
      const drops = takeDrops(place, {
        most: INTAKE_COUNT,
        onDragging: setOver,
        onDrop: (files) => void lab.addFiles(files),
      });
      release = () => drops.dispose();
    };
    void mount();
    return () => {
      isGone = true;
      release();
    };
  }, [lab]);
  return (
    <div class="file-drop" hidden={!isOver} ref={rootRef} data-testid="file-drop">
      <p>
        <strong>{sayInLab("files.drop")}</strong>
        {sayInLab("files.drop.where")}
      </p>
    </div>
  );
}
