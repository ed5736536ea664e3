/** The words of the X-ray: a chunk of its own, as its code is. */
export { sayXray } from "../i18n/index.ts";
