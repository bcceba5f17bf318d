/**
 * The list of networks: to add one, write its file and add its line.
 *
 * @module
 */

import type { Architecture } from "./architecture.ts";
import { articleCnn } from "./article_cnn.ts";
import { badnetsCnn } from "./badnets_cnn.ts";
import { mergedBadnet } from "./merged_badnet.ts";
import { resnet } from "./resnet.ts";

/** Every network, in the order in which they are shown. */
export const architectures: readonly Architecture[] = [
  articleCnn,
  badnetsCnn,
  resnet,
  mergedBadnet,
];
