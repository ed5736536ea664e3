/** What of the interface tells of courses that are being written: a chunk of its own. */
export { showLiveNote } from "../ui/index.ts";
