import { baseModelDir } from "@rrr/trainer";
import type { ModelSpec } from "../spec/run-spec.ts";
import { optional } from "./optional.ts";

/** Whether a model is the small one that comes with rrr, or was trained from it: its folder says so. */
export async function isBuiltin({ name, folder }: Pick<ModelSpec, "name" | "folder">): Promise<boolean> {
  if (folder === undefined) return name === "builtin";
  const { isBuiltinModelDir } = await optional("@rrr/builtin-model", () => import("@rrr/builtin-model"));
  // An adapter's base is what is asked about.
  return isBuiltinModelDir(await baseModelDir(folder).catch(() => folder));
}
