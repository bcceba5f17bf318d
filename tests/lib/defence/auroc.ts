/** The probability that a suspicious score lies above a clean one, ties half: what AUROC is, naively. */
export function auroc(suspicious: Float32Array, clean: Float32Array): number {
  let above = 0;
  for (const s of suspicious) for (const c of clean) above += s > c ? 1 : s === c ? 0.5 : 0;
  return above / suspicious.length / clean.length;
}
