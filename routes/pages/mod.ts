/**
 * The pages that people open, and the files that they load.
 *
 * @module
 */

export { pageNotFound, pages } from "./pages.tsx";
