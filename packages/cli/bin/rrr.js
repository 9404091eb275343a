#!/usr/bin/env node
// Before anything else is loaded: an older Node fails somewhere in the middle, and says nothing that helps.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  await import("../dist/bin.js");
} else {
  console.error(
    `rrr: Node ${process.versions.node} is too old. Node 20.19 or newer is needed: https://nodejs.org`,
  );
  process.exitCode = 1;
}
