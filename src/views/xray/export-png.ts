import type { SvgExport } from "./export-svg.ts";

/** Canvases larger than this come out empty in some browsers. */
const MOST_PIXELS = 16_000_000;

/**
 * Makes a bitmap of an exported drawing, twice as fine as the screen where that is possible.
 *
 * @throws Error when the browser can make none.
 */
export async function exportPng({ text, width, height }: SvgExport): Promise<Blob> {
  const scale = Math.min(2, Math.sqrt(MOST_PIXELS / Math.max(1, width * height)));
  const image = new Image();
  // A `data:` URL, since the page's policy allows no `blob:` images.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws on no canvas");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error("this browser makes no PNG of a drawing this large"));
      else resolve(blob);
    }, "image/png");
  });
}
