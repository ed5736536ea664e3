import type { Disposable } from "../base/index.ts";

/** What a terminal on the screen needs of a terminal in a machine. */
export interface TerminalEnd {
  /** `replay: true`: forget what was shown before. */
  onOutput(listener: (output: { readonly bytes: Uint8Array; readonly replay: boolean }) => void): Disposable;
  write(data: Uint8Array | string): void;
  resize(cols: number, rows: number): void;
  /** So many bytes have been taken by the screen. */
  shown(bytes: number): void;
}

/** What of a screen is used to connect the two. */
export interface Screen {
  readonly cols: number;
  readonly rows: number;
  write(data: Uint8Array, done: () => void): void;
  /** As `write`, in place of all that was shown before. */
  replay(data: Uint8Array, done: () => void): void;
}

/**
 * Joins a screen with a terminal until disposed. Bytes go to the screen as they come: it decodes UTF-8 across their
 * borders. The guest is told only of what the screen has really taken.
 */
export function joinScreen(screen: Screen, end: TerminalEnd): Disposable {
  end.resize(screen.cols, screen.rows);
  return end.onOutput(({ bytes, replay }) => {
    const done = (): void => end.shown(bytes.length);
    if (replay) screen.replay(bytes, done);
    else screen.write(bytes, done);
  });
}
