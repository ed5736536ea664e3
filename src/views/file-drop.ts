import { type Disposable, DisposableStore } from "../base/index.ts";

/** A file or folder that was dropped; `path` is relative, with `/`. */
export interface DroppedFile {
  readonly path: string;
  /** A folder has none. */
  readonly content: File | undefined;
}

export interface FileDropOptions {
  /** No more than so many are looked for: one more says that there are more. */
  readonly most: number;
  readonly onDragging: (isOver: boolean) => void;
  readonly onDrop: (files: readonly DroppedFile[]) => void;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

async function walk(entry: FileSystemEntry, path: string, found: DroppedFile[], most: number): Promise<void> {
  if (found.length > most) return;
  if (entry.isFile) {
    found.push({ path, content: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  found.push({ path, content: undefined });
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // Browsers give a folder in parts; an empty one is the end.
  for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader))
    for (const child of batch) await walk(child, `${path}/${child.name}`, found, most);
}

async function collect(transfer: DataTransfer, most: number): Promise<readonly DroppedFile[]> {
  // All of it at once: after the event the items are gone.
  const items = [...transfer.items]
    .filter(({ kind }) => kind === "file")
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: DroppedFile[] = [];
  for (const { entry, file } of items) {
    if (entry !== null) await walk(entry, entry.name, found, most);
    else if (file !== null) found.push({ path: file.name, content: file });
  }
  return found;
}

/**
 * Takes files that are dropped on `place`, folders with all that is in them. Elsewhere on the page nothing happens to them:
 * by itself a browser would leave the page for a file that missed its aim.
 */
export function takeDrops(place: HTMLElement, options: FileDropOptions): Disposable {
  const owned = new DisposableStore();
  const on = (target: EventTarget, name: string, listener: (event: DragEvent) => void): void => {
    const take = (event: Event): void => {
      if (hasFiles(event as DragEvent)) listener(event as DragEvent);
    };
    target.addEventListener(name, take);
    owned.defer(() => target.removeEventListener(name, take));
  };
  const isInside = ({ target }: Event): boolean => target instanceof Node && place.contains(target);
  const onOver = (event: DragEvent): void => {
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = isInside(event) ? "copy" : "none";
    options.onDragging(isInside(event));
  };
  on(globalThis, "dragenter", onOver);
  on(globalThis, "dragover", onOver);
  on(globalThis, "dragleave", (event) => {
    // Without a next target it has left the window.
    if (event.relatedTarget === null) options.onDragging(false);
  });
  on(globalThis, "drop", (event) => {
    event.preventDefault();
    options.onDragging(false);
    if (!isInside(event) || event.dataTransfer === null) return;
    collect(event.dataTransfer, options.most).then(options.onDrop, () => options.onDrop([]));
  });
  return owned;
}
