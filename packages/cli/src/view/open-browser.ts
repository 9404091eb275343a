import { spawn } from "node:child_process";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  // The empty word is the title of a window: `start` takes the first one in quotes for that.
  win32: ["cmd", "/c", "start", ""],
};

/** Opens an address in the user's browser, where there is one; where not, nothing happens: the address was printed. */
export function openBrowser(address: string): void {
  const [command = "", ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, address], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
