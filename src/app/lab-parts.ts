/** What of the interface a lesson needs: a chunk of its own. */
export { showPage } from "../ui/index.ts";
