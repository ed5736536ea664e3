export { type PageProps, showPage } from "./page.tsx";
