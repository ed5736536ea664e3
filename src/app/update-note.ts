/** The one part of the interface that tells of a newer release: the landing shall not fetch the lab's for it. */
export { showUpdateNote } from "../ui/index.ts";
