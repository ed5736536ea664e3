import { ScanEye } from "lucide";
import type { JSX } from "preact";
import { say } from "../i18n/index.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";

/** Opens and closes the X-ray. */
export function XrayButton({ isSmall = false }: { readonly isSmall?: boolean }): JSX.Element {
  const { xray } = useLab();
  const isOpen = xray.open.value;
  return (
    <button
      type="button"
      class={isSmall ? "quiet small" : "quiet"}
      aria-pressed={isOpen}
      title={say("xray.open.title")}
      data-testid="open-xray"
      onClick={() => xray.setOpen(!isOpen)}
    >
      <Icon of={ScanEye} />
      {say("xray.open")}
    </button>
  );
}
