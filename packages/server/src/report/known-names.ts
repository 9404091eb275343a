/** What a run and this machine say of where they are and whose they are. */
import { homedir, hostname, userInfo } from "node:os";
import { win32 } from "node:path";
import type { StoredRun } from "@rrr/runs";

export interface KnownNames {
  readonly paths: readonly string[];
  /** Hosts, with and without a port. */
  readonly addresses: readonly string[];
  /** Of users, headers and variables that hold keys; and the keys themselves. */
  readonly names: readonly string[];
}

const SECRET = /auth|key|token|secret|passw|credential|cookie/i;
/** A run from elsewhere may say anything at any length, as often as it likes. */
const LONGEST = 500;
const MOST = 500;
/** Values that are shorter are words and numbers. */
const SHORTEST_SECRET = 8;
const SHORTEST_VALUE = 6;
const SHORTEST_NAME = 3;
/** What a setting of such a name says is a name, whoever gave it. */
const NAMING = /host|server|node|machine|user|owner|org|team|tenant|project|account|login/i;
/** Users that are nobody. */
const NOBODY = new Set([
  "root",
  "user",
  "users",
  "home",
  "admin",
  "ubuntu",
  "debian",
  "node",
  "runner",
  "app",
]);

/** The one that makes the report: it may have made the runs too. */
function thisMachine(): KnownNames {
  const secrets = Object.entries(process.env).flatMap(([name, value = ""]) =>
    SECRET.test(name) && value.length >= SHORTEST_SECRET && isTelling(value) ? [value] : [],
  );
  return {
    paths: [homedir()].filter((path) => path.length > 1 && path !== "/root"),
    addresses: hostsOf(hostname()),
    names: [...secrets, ...usersOf([userName(), ...usersIn(homedir())])],
  };
}

/** Some containers have no user. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}

/** All that runs say of places, people and keys, in their settings, their identity and their folders. */
export function knownNames(
  runs: readonly Pick<StoredRun, "folder" | "plugin" | "spec" | "identity">[],
): KnownNames {
  const machine = thisMachine();
  const texts = runs.flatMap(({ folder, plugin, spec, identity }) => [
    folder,
    plugin,
    ...textsIn(spec),
    ...textsIn(identity),
  ]);
  const paths = texts.filter(isPath);
  const urls = texts.flatMap((text) => (URL.canParse(text) && /:\/\/./.test(text) ? [new URL(text)] : []));
  const named = runs.flatMap(({ spec, identity }) =>
    [spec?.model, spec?.engine, identity].flatMap((value) => [...textsIn(value, NAMING)]),
  );
  const headers = runs.flatMap(({ spec }) => Object.entries(spec?.model.headers ?? {}));
  return {
    paths: known([...machine.paths, ...paths]),
    addresses: known([
      ...machine.addresses,
      ...urls.flatMap(({ host, hostname: name }) => (host === "" ? [] : [host, ...hostsOf(name)])),
    ]),
    names: known([
      ...machine.names,
      ...usersOf(paths.flatMap(usersIn)),
      ...named.filter(isTelling).flatMap(hostsOf),
      ...urls.flatMap(({ username, password }) => [username, password].map(decoded)),
      ...runs.map(({ spec }) => spec?.model.apiKeyEnv),
      ...headers.flatMap(([name, value]) => (isValue(value) ? [name, value] : [name])),
    ]),
  };
}

/** A file from elsewhere need not keep what its types promise. */
function known(names: readonly unknown[]): readonly string[] {
  const texts = names.filter((name) => typeof name === "string");
  return [...new Set(texts)]
    .filter(({ length }) => length >= SHORTEST_NAME && length <= LONGEST)
    .slice(0, MOST);
}

/** It is no word of a language: nobody means anything else by it. */
export function isTelling(name: string): boolean {
  return /[^\p{L}]/u.test(name);
}

/** Whole, and its first part where that is the machine's own name: not `api`, but `gpu-7`. */
function hostsOf(name: string): readonly string[] {
  const [first = ""] = name.split(".");
  const isOwn = isTelling(first) && !/^\d+$/.test(first) && first.length >= SHORTEST_NAME;
  return isOwn ? [name, first] : [name];
}

/** Of a header: words and numbers alone are in every text. */
function isValue(value: unknown): value is string {
  return (
    typeof value === "string" && value.length >= SHORTEST_VALUE && isTelling(value) && /\p{L}/u.test(value)
  );
}

function usersOf(names: readonly string[]): readonly string[] {
  return names.filter((name) => name.length >= SHORTEST_NAME && !NOBODY.has(name.toLowerCase()));
}

function usersIn(path: string): readonly string[] {
  const [, name] = /(?:^|[/\\])(?:home|Users)[/\\]+([^/\\]+)/.exec(path) ?? [];
  return name === undefined ? [] : [name];
}

function isPath(text: string): boolean {
  return /[/\\].*[^/\\]/.test(text) && (win32.isAbsolute(text) || /^file:/i.test(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param name only those below a name like this */
function* textsIn(value: unknown, name?: RegExp): Generator<string> {
  if (typeof value === "string") {
    if (name === undefined) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* textsIn(each, name?.test(key) ? undefined : name);
  }
}
