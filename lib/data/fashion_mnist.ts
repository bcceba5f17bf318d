/**
 * Fashion-MNIST: Zalando's article images (Xiao, Rasul, Vollgraf, arXiv 1708.07747).
 *
 * @module
 */

import { defineIdxDataset } from "./idx_dataset.ts";

/** Fashion-MNIST: 60,000 training and 10,000 test images, 28×28 grey, bright on dark. */
export const fashionMnist = defineIdxDataset({
  name: "fashion-mnist",
  summary: "Articles of clothing, 60,000 and 10,000 images of 28×28 " +
    "(Debian package dataset-fashion-mnist).",
  labels: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  shape: [28, 28, 1],
  counts: { train: 60_000, test: 10_000 },
  digests: {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  },
  findPackage: () => ({
    directory: "/usr/share/datasets/fashion-mnist",
    remedy: "run `apt-get install dataset-fashion-mnist` (Debian, Ubuntu), " +
      "or give the folder of the original files",
  }),
});
