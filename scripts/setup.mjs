/**
 * Set-up with nothing but Node and npm: installs the dependencies and builds the packages, each only if what
 * went into it has changed since. `npm start` and `npm test` begin here; `node scripts/setup.mjs` runs it alone.
 */
import { pathToFileURL } from "node:url";
import { withLock } from "./lib/lock.mjs";
import { main, passSignalsOn, pnpm, ScriptError } from "./lib/process.mjs";
import { buildHash, installHash, isBuilt, isFresh, isLinked, writeStamp } from "./lib/stamp.mjs";

// onnxruntime-node would download CUDA libraries that nothing here uses.
const env = { ONNXRUNTIME_NODE_INSTALL: "skip" };

export async function setup() {
  requireNode(20, 19);
  if (isDone()) return;
  const release = passSignalsOn();
  try {
    await withLock(async () => {
      await install();
      await build();
    });
  } finally {
    release();
  }
}

const isInstalled = () => isFresh("install", installHash()) && isLinked();
const isDone = () => isInstalled() && isFresh("build", buildHash()) && isBuilt();

async function install() {
  if (isInstalled()) return;
  await step(
    "1/2 installing dependencies",
    ["install", "--prefer-offline"],
    [
      "the install failed; its messages are above.",
      "Does this machine reach the npm registry (`npm ping`)? Then run the same command again.",
    ],
  );
  writeStamp("install", installHash());
}

async function build() {
  const expected = buildHash();
  if (isFresh("build", expected) && isBuilt()) return;
  await step(
    "2/2 building the packages",
    ["-r", "--filter", "./packages/*", "run", "build", "--silent"],
    [
      "the build failed; the compiler's messages are above.",
      "If you changed a source file, `npx tsc -p tsconfig.json` shows every type error at once.",
    ],
  );
  writeStamp("build", expected);
}

async function step(title, args, [message, hint]) {
  const started = Date.now();
  console.error(`set-up ${title} …`);
  // Progress belongs on standard error: standard output is for what the user asked for.
  const code = await pnpm(args, { env, stdio: ["ignore", 2, 2] });
  if (code !== 0) throw new ScriptError(message, hint);
  console.error(`set-up ${title}: done in ${Math.round((Date.now() - started) / 1000)} s`);
}

function requireNode(major, minor) {
  const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  throw new ScriptError(
    `Node ${process.versions.node} is too old; Node ${major}.${minor} or newer is needed.`,
    "Get one from https://nodejs.org or with your version manager.",
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(setup);
