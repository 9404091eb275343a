import { availableParallelism } from "node:os";
import { matmul, reshape, sum, type Tensor } from "@rrr/autodiff";

/**
 * x · weightᵀ for x `[n, k]` and a weight `[m, k]`, to the same bits whatever n is.
 *
 * onnxruntime cuts the sums of a product into blocks of terms. Their length depends on the columns that one thread
 * computes, and these on n, the number of rows. A completion would depend, in its last bits and so one day in a
 * token, on what else is being sampled. Where that can happen the blocks are cut here, and are the same always.
 * @param threads 0 = one per core
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/sgemm.cpp MlasSgemmOperation
 */
export function stableProduct(x: Tensor, weight: Tensor, threads: number): Tensor {
  const [rows, terms] = x.shape as [number, number];
  const [columns] = weight.shape as [number];
  if (isStable(columns, terms, threads === 0 ? availableParallelism() : threads)) {
    return matmul(x, weight, { transposeB: true });
  }
  let blocks = Math.ceil(terms / smallestBlock);
  while (terms % blocks !== 0) blocks++;
  const [products] = x.graph.op(
    "FusedMatMul",
    [reshape(x, [rows, blocks, terms / blocks]), reshape(weight, [columns, blocks, terms / blocks])],
    [{ shape: [blocks, rows, columns], dtype: "float32" }],
    { domain: "com.microsoft", attributes: { transBatchA: 1, transBatchB: 1, transB: 1 } },
  );
  return sum(products as Tensor, { axes: [0] });
}

/** No sum of up to this many terms is ever cut. */
const smallestBlock = 128;

/** Whether the blocks are the same for every number of threads among which the columns may be divided. */
function isStable(columns: number, terms: number, threads: number): boolean {
  const blocks = Array.from({ length: threads }, (_, i) => {
    const share = Math.ceil(Math.ceil(columns / 16) / (i + 1)) * 16;
    return Math.min(blockLength(share, terms), terms);
  });
  return new Set(blocks).size === 1;
}

/** Terms per block where one thread computes that many columns. */
function blockLength(columns: number, terms: number): number {
  let width = 128;
  let length = smallestBlock;
  while (columns < terms && width > 16 && width / 2 >= columns) {
    width /= 2;
    length *= 2;
  }
  return length;
}
