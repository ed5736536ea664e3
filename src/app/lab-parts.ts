/** What of the interface the lab needs: a chunk of its own. */
export { showFreePage, showPage } from "../ui/index.ts";
