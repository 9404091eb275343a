import { messageOf, RrrError } from "@rrr/core";

/**
 * A package of ours that a run may need, and that is loaded only then: an evaluation of a hosted model needs no native
 * runtime, training needs no client of servers.
 * @throws RrrError `runtime-failed` where it is not installed
 */
export async function optional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as { readonly code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new RrrError(
      "runtime-failed",
      `${name} is needed for this and not installed: ${messageOf(cause)}`,
      {
        cause,
        hint: `Add ${name} to this project.`,
      },
    );
  }
}
