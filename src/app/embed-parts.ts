/** What of the interface a lab in another page's frame needs: a chunk of its own. */
export { showEmbedPage } from "../ui/index.ts";
