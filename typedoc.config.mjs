/** `pnpm docs:api`: everything that the packages export, one page per entry point, into docs/api. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Converter, ReflectionKind } from "typedoc";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => JSON.parse(readFileSync(at(path), "utf8"));
const { paths } = read("tsconfig.json").compilerOptions;

/** Import names, by the source file behind them: a package that is added is documented without being named here. */
const names = new Map(
  readdirSync(at("packages")).flatMap((folder) => {
    const { name, exports } = read(`packages/${folder}/package.json`);
    return Object.keys(exports)
      .filter((subpath) => subpath !== "./package.json")
      .map((subpath) => name + subpath.slice(1))
      .map((specifier) => {
        const source = paths[specifier]?.[0];
        if (source === undefined) throw new Error(`tsconfig.json has no path for ${specifier}.`);
        return [at(source), specifier];
      });
  }),
);

export default {
  name: "rrr",
  entryPoints: [...names.keys()],
  plugin: [nameModules],
  out: "docs/api",
  // From a page of docs/api/*/ to the file beside it in this clone.
  displayBasePath: at("."),
  disableGit: true,
  sourceLinkTemplate: "../../../{path}",
  // The type check is a step of its own.
  skipErrorChecking: true,
  validation: {
    invalidLink: true,
    invalidPath: true,
    notDocumented: true,
    notExported: true,
    rewrittenLink: true,
    unusedMergeModuleWith: true,
  },
  treatWarningsAsErrors: true,
};

/** By the name that it is imported by, instead of "core/src". */
function nameModules(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Module)) return;
    const [source] = reflection.sources ?? [];
    if (source !== undefined) reflection.name = names.get(source.fullFileName) ?? reflection.name;
  });
}
