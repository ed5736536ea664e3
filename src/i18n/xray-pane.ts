/** The words around the X-ray, which stand before it is opened. */
import { speaker } from "./speaker.ts";

export const sayXrayPane = speaker({
  "xray.open": "X-ray",
  "xray.open.title": "Shows what the kernel of the machine knows: processes, namespaces, cgroups",
  "xray.pane.label": "X-ray",
  "xray.pane.view": "Show as",
  "xray.pane.picture": "Picture",
  "xray.pane.table": "Table",
  "xray.pane.beside": "Side by side",
  "xray.pane.lens": "Boxes are",
  "xray.pane.namespaces": "namespaces",
  "xray.pane.cgroups": "cgroups",
  "xray.pane.seen": "Seen from",
  "xray.pane.outside": "outside",
  "xray.pane.inside": "inside",
  "xray.pane.pause": "Pause the picture",
  "xray.pane.live": "Go live",
  "xray.pane.export": "Save as",
  "xray.pane.export-svg": "Drawing (SVG)",
  "xray.pane.export-png": "Image (PNG)",
  "xray.pane.export-json": "Data (JSON)",
  "xray.pane.export-failed":
    "This browser could not make the file. The picture itself is still there; try the drawing instead.",
  "xray.pane.reading": "Reading the kernel's memory",
  "xray.pane.failed": "The X-ray's code could not be fetched. The machine runs on; try again.",
  "xray.pane.nothing": "Nothing has been seen of a machine yet.",
});
