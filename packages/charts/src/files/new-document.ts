import { parseHTML } from "linkedom";
import type { DocumentLike } from "../svg.ts";

/** A document in Node to draw in. */
export function newDocument(): DocumentLike {
  return parseHTML("<!doctype html><html><body></body></html>").document as unknown as DocumentLike;
}
