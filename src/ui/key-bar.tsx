import {
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  ClipboardPaste,
  CornerDownLeft,
  type IconNode,
  TextSelect,
} from "lucide";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayTouch } from "../i18n/index.ts";
import type { BarKey, CtrlHold, TerminalView } from "../views/index.ts";
import { focusTerminal } from "./focus-terminal.ts";
import { Icon } from "./icon.tsx";
import { useLab } from "./lab-context.ts";
import { PasteSheet } from "./paste-sheet.tsx";
import { repeatPress } from "./repeat-press.ts";
import { tapCtrl } from "./tap-ctrl.ts";
import { TextSheet } from "./text-sheet.tsx";
import { useKeyboardRoom } from "./use-keyboard-room.ts";
import { useTouch } from "./use-touch.ts";

interface KeyBarProps {
  /** The terminal in front, when it is there. */
  readonly view: () => TerminalView | undefined;
}

type ArrowKey = "up" | "down" | "left" | "right";
const ARROW_ICONS: Readonly<Record<ArrowKey, IconNode>> = {
  up: ArrowUp,
  down: ArrowDown,
  left: ArrowLeft,
  right: ArrowRight,
};

/** Neither takes the focus nor closes the on-screen keyboard. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** A key that goes on while it is held. A click that no finger made, as of a screen reader, is one press. */
function Arrow({
  name,
  press,
}: {
  readonly name: ArrowKey;
  readonly press: (key: BarKey) => void;
}): JSX.Element {
  const letGoRef = useRef<() => void>(() => undefined);
  const letGo = (): void => letGoRef.current();
  useEffect(() => () => letGoRef.current(), []);
  return (
    <button
      type="button"
      class={`key arrow-${name}`}
      title={sayTouch(`keys.${name}`)}
      data-testid={`key-${name}`}
      onMouseDown={keepFocus}
      onPointerDown={(event) => {
        event.preventDefault();
        letGo();
        letGoRef.current = repeatPress(() => press(name));
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
      onPointerLeave={letGo}
      onContextMenu={keepFocus}
      onClick={(event) => {
        if (event.detail === 0) press(name);
      }}
    >
      <Icon of={ARROW_ICONS[name]} />
      <span class="visually-hidden">{sayTouch(`keys.${name}`)}</span>
    </button>
  );
}

function Key(props: {
  readonly name: string;
  readonly title?: string;
  readonly isHeld?: boolean;
  readonly onPress: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { name, title, isHeld, onPress, children } = props;
  return (
    <button
      type="button"
      class="key"
      title={title}
      aria-pressed={isHeld}
      data-testid={`key-${name}`}
      onMouseDown={keepFocus}
      onPointerDown={keepFocus}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

const SIGNS = [
  ["|", "pipe"],
  ["/", "slash"],
  ["~", "tilde"],
  ["-", "dash"],
] as const;

/** The keys that an on-screen keyboard has not, below the terminal: only where somebody works with fingers. */
export function KeyBar({ view }: KeyBarProps): JSX.Element | null {
  const lab = useLab();
  const isTouch = useTouch();
  const [ctrl, setCtrl] = useState<CtrlHold>("off");
  const [sheet, setSheet] = useState<"paste" | "text" | undefined>();
  const lastTapRef = useRef(0);
  const front = lab.front.value;
  useKeyboardRoom(isTouch);
  // Another terminal has not been told of it.
  useEffect(() => setCtrl("off"), [front]);
  if (!isTouch) return null;

  const press = (key: BarKey): void => view()?.press(key);
  const onCtrl = (event: MouseEvent): void => {
    const next = tapCtrl(ctrl, event.timeStamp - lastTapRef.current);
    lastTapRef.current = event.timeStamp;
    setCtrl(next);
    view()?.holdCtrl(next, () => setCtrl("off"));
  };
  const onPaste = async (): Promise<void> => {
    try {
      // Undefined outside of secure contexts, and where the browser keeps it to itself.
      view()?.paste(await navigator.clipboard.readText());
    } catch {
      setSheet("paste");
    }
  };
  const close = (): void => {
    setSheet(undefined);
    focusTerminal();
  };
  return (
    <fieldset class="key-bar" data-testid="key-bar">
      <legend class="visually-hidden">{sayTouch("keys.label")}</legend>
      <Key name="escape" onPress={() => press("escape")}>
        {sayTouch("keys.escape")}
      </Key>
      {SIGNS.map(([sign, name]) => (
        <Key key={name} name={name} onPress={() => press(sign)}>
          <span class="sign">{sign}</span>
        </Key>
      ))}
      <Arrow name="up" press={press} />
      <Key name="enter" title={sayTouch("keys.enter")} onPress={() => press("enter")}>
        <Icon of={CornerDownLeft} />
        <span class="visually-hidden">{sayTouch("keys.enter")}</span>
      </Key>
      <Key name="tab" onPress={() => press("tab")}>
        {sayTouch("keys.tab")}
      </Key>
      <Key name="ctrl" title={sayTouch("keys.ctrl.title")} isHeld={ctrl !== "off"} onPress={onCtrl}>
        <span class={ctrl === "locked" ? "locked" : undefined}>{sayTouch("keys.ctrl")}</span>
        {ctrl === "locked" && <span class="visually-hidden"> {sayTouch("keys.ctrl.locked")}</span>}
      </Key>
      <Key name="paste" title={sayTouch("keys.paste")} onPress={() => void onPaste()}>
        <Icon of={ClipboardPaste} />
        <span class="visually-hidden">{sayTouch("keys.paste")}</span>
      </Key>
      <Key name="text" title={sayTouch("keys.text.title")} onPress={() => setSheet("text")}>
        <Icon of={TextSelect} />
        <span class="visually-hidden">{sayTouch("keys.text")}</span>
      </Key>
      <Arrow name="left" press={press} />
      <Arrow name="down" press={press} />
      <Arrow name="right" press={press} />
      {sheet === "paste" && (
        <PasteSheet
          onPasted={(text) => {
            view()?.paste(text);
          }}
          onClosed={close}
        />
      )}
      {sheet === "text" && <TextSheet text={view()?.text} onClosed={close} />}
    </fieldset>
  );
}
