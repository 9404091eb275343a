/** What CI does with the commands of the texts other than to run them as they stand there. */

const QUICK = "--steps 2 --limit 40";

/** The first that matches counts, on all pages or on some. `why` skips the command; `to` runs another in its place. */
export const COMMAND_RULES = [
  {
    match: /^(npm test( -- .*)?|\.ci\/run|npx biome check --write \.)$/,
    pages: ["README.md", "CONTRIBUTING.md"],
    why: "CI does it anyway",
  },
  { match: /\.\/src\//, pages: ["docs/cli.md"], why: "is typed in a package of one's own" },
  { match: /\.\/my-/, why: "needs files of the reader's own" },
  { match: /\bpretrain\b/, why: "takes 20 minutes" },
  { match: /^for seed in /, why: "takes an hour" },
  { match: /seeds-table\.ts/, why: "needs the runs of an hour" },
  { match: /\btest:(cluster|tinker-sdk|trl)\b/, why: "needs Python with packages, and takes minutes" },
  {
    match: /^pip install\b|^python examples\/trl\b|failures\b|.\/trained\b/,
    pages: ["docs/trl.md"],
    why: "needs Python with TRL, and takes minutes",
  },
  {
    match: /--engine tfjs/,
    to: (command) => `${command} --steps 1 --limit 6 --failures 4 --failures-per-step 2`,
  },
  { match: /--device webgpu\b|\bVK_ICD_FILENAMES=/, why: "needs a GPU" },
  { match: /\bbench:/, why: "measures for minutes, some with data that is not in the repository" },
  { match: /^sqlite3 /, why: "needs the sqlite3 program" },
  { match: /\brrr pull\b|\bmodels\/[A-Z]/, why: "needs the hub, or a model from it" },
  { match: /\btry:real-model\b/, why: "needs a real model, and Python to compare with" },
  { match: /\bruns\/a\b/, why: "needs a run of the reader's own" },
  { match: /\brrr (serve|view)\b/, why: "serves until it is ended" },
  {
    match: /\b(uv|skyrl)\b|^source v\b/i,
    pages: ["docs/scale-out.md"],
    why: "needs a server of another project",
  },
  { match: /openai:|127\.0\.0\.1/, why: "needs a server, or a key" },
  { match: /\bruns\/|\b20\d{6}-/, pages: ["docs/cli.md"], why: "needs runs of the reader's own" },
  {
    match: /^export OPENAI_|^npx rrr models --check$/,
    pages: ["docs/evaluate.md"],
    why: "needs a server, or a key",
  },
  {
    match: /^(npx )?rrr (compare|show|report) (mini|large)\b/,
    why: "needs runs that a server was asked for",
  },
  { match: /^rrr score /, why: "needs a run that a server was asked for" },
  { match: /^rrr (cache clear|runs --prune)(?!.*(--yes|--dry-run))/, why: "asks first" },
  { match: /^npm run changeset$/, why: "asks what has changed" },
  { match: /^npm run docs:api$/, why: "scripts/ci/api-docs.mjs does it" },
  { match: /^npm run release:dry$/, why: "fetches other versions of Node; it is run before a release" },
  { match: /^rrr init .*npm install/, why: "needs the packages on npm" },
  { match: /--filter rrr-examples start/, why: "scripts/ci/examples.mjs does it" },
  { match: /^(npx )?rrr eval /, to: (command) => `${command} --limit 40` },
  { match: /^npm start$/, to: (command) => `${command} -- ${QUICK}` },
  { match: /^(npm start -- |(npx )?rrr run )/, to: (command) => `${command} ${QUICK}` },
];

/** Blocks of TypeScript that are type-checked, but not run. */
export const PROGRAM_RULES = [
  { match: /"openai:/, why: "needs a server, or a key" },
  { match: /"onnx-community\//, why: "downloads a model" },
  { match: /"webgpu"/, why: "needs a GPU" },
];
