export { type EmbedPageProps, showEmbedPage } from "./embed-page.tsx";
export { type LandingNote, type LandingProps, showLanding } from "./landing/landing.tsx";
export { type FreePageProps, showFreePage } from "./free/free-page.tsx";
export { showUpdateNote } from "./offline/update-note.tsx";
export { showLiveNote } from "./live-note.tsx";
export type { PageDesk, ProductFacts } from "./page-desk.ts";
export { type PageProps, showPage } from "./page.tsx";
export { showXray } from "./xray-pane.tsx";
export type { XrayHistory, XrayState } from "./xray-state.ts";
