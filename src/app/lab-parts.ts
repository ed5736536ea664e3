/** What of the interface the lab needs: a chunk of its own. */
export { showPage } from "../ui/index.ts";
