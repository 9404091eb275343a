import { RrrError, visible } from "@rrr/core";
import { isLocalAddress } from "../spec/is-local-address.ts";

/** Where models are when nothing else is said. */
export const HUB_URL = "https://huggingface.co";

const PART = /^[A-Za-z0-9](?:[\w.-]{0,94}[\w-])?$/;

/** @throws RrrError `bad-argument` for what names no model of a hub, such as an address or a path */
export function checkHubId(id: string): void {
  const parts = id.split("/");
  if (parts.length <= 2 && parts.every((part) => PART.test(part) && !part.includes(".."))) return;
  throw new RrrError("bad-argument", `${visible(id)} is no id of a model on a hub`, {
    hint: "Give OWNER/NAME as the hub shows it, e.g. Qwen/Qwen3-0.6B.",
  });
}

/** @throws RrrError `bad-argument` */
export function checkRevision(revision: string): void {
  // What git allows in a name, without what could leave the path of an address.
  if (/^[A-Za-z0-9][\w./-]{0,254}$/.test(revision) && !revision.includes("..")) return;
  throw new RrrError("bad-argument", `${visible(revision)} is no revision`, {
    hint: "Give a branch, a tag or a commit, e.g. main.",
  });
}

/** The hub's base address, without a slash at its end. @throws RrrError `bad-argument` */
export function checkEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url !== undefined && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, "");
  // It is not shown: it may hold a password.
  throw new RrrError("bad-argument", "the hub's address is none that can be asked", {
    hint: `HF_ENDPOINT is an address such as ${HUB_URL}, without a user, a password or a query.`,
  });
}

/** Whether a token may be sent to a hub: over http only to this machine or network. */
export function mayGetToken(url: URL): boolean {
  return url.protocol === "https:" || isLocalAddress(url.href);
}
