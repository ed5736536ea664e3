/** What of the interface the free terminal needs: a chunk of its own. */
export { showFreePage } from "../ui/index.ts";
