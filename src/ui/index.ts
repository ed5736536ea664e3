export { type FreePageProps, showFreePage } from "./free/free-page.tsx";
export { showLiveNote } from "./live-note.tsx";
export { type PageProps, showPage } from "./page.tsx";
export { showXray } from "./xray-pane.tsx";
export type { XrayHistory, XrayState } from "./xray-state.ts";
