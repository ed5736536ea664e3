import { ScanEye } from "lucide";
import type { JSX } from "preact";
import { sayXrayPane } from "../i18n/index.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";

/** Opens and closes the X-ray. In one column the switch between the panels does. */
export function XrayButton({ isSmall = false }: { readonly isSmall?: boolean }): JSX.Element | null {
  const { panels } = useLab();
  if (panels.isColumn.value) return null;
  return (
    <button
      type="button"
      class={isSmall ? "quiet small" : "quiet"}
      aria-pressed={panels.isXrayShown.value}
      title={sayXrayPane("xray.open.title")}
      data-testid="open-xray"
      onClick={() => panels.toggleXray()}
    >
      <Icon of={ScanEye} />
      <span>{sayXrayPane("xray.open")}</span>
    </button>
  );
}
