import { randomBytes } from "node:crypto";
import { builtinModelDir } from "@rrr/builtin-model";
import { type Listening, listen } from "@rrr/server";
import { createRunLibrary, createViewHandler, readAssets } from "@rrr/server/view";
import { viewerFolder } from "@rrr/viewer";
import { indexFolder } from "../cache/index-folder.ts";
import { print, printJson, say, stdout } from "../output/print.ts";
import { onInterruption } from "../run/on-interruption.ts";
import { openBrowser } from "./open-browser.ts";
import { openTrial, type TrialFlags } from "./open-trial.ts";

/** The options of `rrr view`. */
export interface ViewFlags extends TrialFlags {
  readonly port?: number;
  readonly open: boolean;
  readonly json?: true;
}

/** Links last from one `rrr view` to the next where nobody else listens there. */
const USUAL_PORT = 8411;

/** `rrr view` */
export async function view(names: readonly string[], flags: ViewFlags): Promise<void> {
  const { port, open, json } = flags;
  const indexes = indexFolder();
  const runs = createRunLibrary(names, process.cwd(), indexes);
  const trial = await openTrial(flags);
  const token = randomBytes(24).toString("base64url");
  const { handle, close } = createViewHandler({
    runs,
    ...(trial === undefined ? {} : { trial }),
    assets: readAssets(viewerFolder),
    token,
    indexes,
    builtin: builtinModelDir,
  });
  const { url } = await listenAt(handle, port);
  onInterruption(() => {
    close();
    runs.close();
  });
  const address = `${url}/#token=${token}`;
  if (json) printJson({ url, token, address });
  else print(`${address}\n`);
  say("rrr: the page is at this address; Ctrl-C ends it\n");
  if (open && stdout.isTTY) openBrowser(address);
  // The command ends when its work does: here, never of itself.
  await new Promise(() => {});
}

async function listenAt(
  handle: (request: Request) => Promise<Response>,
  port: number | undefined,
): Promise<Listening> {
  if (port !== undefined) return listen(handle, { port });
  // Another `rrr view` may have it.
  return listen(handle, { port: USUAL_PORT }).catch(() => listen(handle));
}
