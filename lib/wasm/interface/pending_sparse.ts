/** Functions that are being written. */
export interface PendingSparse {
  conv2dListsBytes(shape: number): number;
  conv2dListsFromPool(
    shape: number,
    pooling: number,
    gradient: number,
    codes: number,
    lists: number,
  ): void;
  conv2dInputGradientSparsePreparedBytes(shape: number): number;
  conv2dInputGradientSparsePrepare(shape: number, filter: number, prepared: number): void;
  denseListsBytes(images: number, units: number): number;
  denseLists(dz: number, images: number, units: number, lists: number): void;
  denseInputGradientSparse(
    lists: number,
    images: number,
    units: number,
    wT: number,
    wTPitch: number,
    from: number,
    to: number,
    dx: number,
    dxPitch: number,
  ): void;
  denseWeightGradientSparse(
    lists: number,
    images: number,
    units: number,
    x: number,
    xPitch: number,
    from: number,
    to: number,
    dWT: number,
    dWTPitch: number,
  ): void;
}
