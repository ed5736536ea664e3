import type { IconNode } from "lucide";
import type { JSX } from "preact";
import { Icon } from "../icon.tsx";

interface PanelButtonProps {
  readonly icon: IconNode;
  /** What it does, for who cannot see the picture, or hesitates over it. */
  readonly label: string;
  readonly testId: string;
  readonly onClick: () => void;
  readonly isPressed?: boolean;
  readonly isExpanded?: boolean;
}

/** A small button with a picture, in a panel's head. */
export function PanelButton({
  icon,
  label,
  testId,
  onClick,
  isPressed,
  isExpanded,
}: PanelButtonProps): JSX.Element {
  return (
    <button
      type="button"
      class="panel-button"
      title={label}
      data-testid={testId}
      {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
      {...(isExpanded === undefined ? {} : { "aria-expanded": isExpanded })}
      onClick={onClick}
    >
      <Icon of={icon} />
      <span class="visually-hidden">{label}</span>
    </button>
  );
}
