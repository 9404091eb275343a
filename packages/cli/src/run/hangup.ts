import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * Whether this process was started with SIGHUP ignored, as nohup does it. It cannot be asked for: Node gives every
 * signal its default back before it runs a program, and /proc/self/status shows that. What remains are the traces of
 * who ignored it: the shell above, which does so itself (`trap '' HUP`), and nohup, which a shell names in `_`, and
 * which opens /dev/null only for writing where standard input was a terminal.
 */
export function isHangupIgnored(): boolean {
  return isNohup(process.env._) || isIgnoredBy(process.ppid) || isNohupsInput();
}

function isNohup(started: string | undefined): boolean {
  return started !== undefined && basename(started) === "nohup";
}

function isIgnoredBy(pid: number): boolean {
  const ignored = /^SigIgn:\s*([\da-f]+)$/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? "0";
  // The first signal is bit 0, and SIGHUP is the first.
  return (BigInt(`0x${ignored}`) & 1n) === 1n;
}

function isNohupsInput(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(readOrEmpty("/proc/self/fdinfo/0"))?.[1] ?? "0";
  const access = Number.parseInt(flags, 8) % 4;
  const WRITE_ONLY = 1;
  return access === WRITE_ONLY && linkOrEmpty("/proc/self/fd/0") === "/dev/null";
}

/** Only Linux has these files. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
