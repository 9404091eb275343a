import { RrrError } from "@rrr/core";

/** Room for `rrr-task-` in npm's limit of 214 characters. */
const LONGEST = 200;

/** @throws RrrError `bad-argument` for a name that a task cannot have, with the one that was probably meant. */
export function checkTaskName(name: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && !name.startsWith("rrr-") && name.length <= LONGEST)
    return;
  const meant = toKebabCase(name);
  throw new RrrError("bad-argument", `a task cannot be named ${JSON.stringify(name)}`, {
    hint:
      "A name is kebab-case: small letters, digits and single hyphens, a letter first, without rrr-task- before " +
      `it${meant === "" ? "" : `, e.g. ${meant}`}.`,
  });
}

function toKebabCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^(rrr-(task-)?|[^a-z])+|-+$/g, "")
    .slice(0, LONGEST);
}
