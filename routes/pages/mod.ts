/**
 * The pages that people open, and the files that they load.
 *
 * @module
 */

export { pages } from "./pages.tsx";
