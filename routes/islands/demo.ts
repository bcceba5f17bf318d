/**
 * Entry of the demonstration's client code; `scripts/build.ts` bundles it into `static/demo.js`.
 *
 * @module
 */

import { startDemo } from "./start_demo.ts";

startDemo();
