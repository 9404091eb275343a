/**
 * What watching a run costs: a small run whose events go to the live display, to `--json` and to TensorBoard, and the
 * processor time of each. A display redraws within the call that tells it of an event, so the time of its calls is all that it
 * takes: on Linux the processor time of the thread, elsewhere the time on the clock, which is more on a busy machine.
 *
 *     npm run bench:display [-- <steps> <held-out problems>]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { startRun, tensorBoardLog } from "@rrr/runs";
import { createLiveDisplay } from "../packages/cli/src/display/live-display.ts";
import { createView } from "../packages/cli/src/run/view.ts";
import { createJsonWriter } from "../packages/cli/src/run/write-json.ts";

const [steps = 6, problems = 60] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "rrr-display-"));

const spent = { events: 0, display: 0, json: 0, tensorBoard: 0 };
let written = 0;
const screen = Object.assign(
  new Writable({
    write(piece: Buffer, _, done) {
      written += piece.length;
      done();
    },
  }),
  { isTTY: true, columns: 100, rows: 40 },
);
const display = createLiveDisplay(screen as unknown as NodeJS.WriteStream);
const view = createView(display);
const json = createJsonWriter((line) => {
  written += JSON.stringify(line).length;
});
const log = tensorBoardLog(join(folder, "tensorboard"));
/** Of the thread that this is: its nanoseconds on a processor are the first figure. */
const SCHEDULED = `/proc/self/task/${process.pid}/schedstat`;
const isLinux = existsSync(SCHEDULED);
const now = (): number =>
  isLinux ? Number.parseInt(readFileSync(SCHEDULED, "utf8"), 10) / 1e6 : performance.now();
const timed = (what: "display" | "json" | "tensorBoard", work: () => void): void => {
  const started = now();
  work();
  spent[what] += now() - started;
};

try {
  const run = await startRun(
    { task: "countdown", plan: { kind: "train", problems, train: { steps } } },
    { out: join(folder, "run") },
  );
  const began = { cpu: process.cpuUsage(), wall: performance.now() };
  for await (const event of run) {
    spent.events++;
    if (event.kind === "result") break;
    timed("display", () => view(event));
    timed("json", () => json(event));
    timed("tensorBoard", () => log.take(event));
  }
  timed("display", () => display.close());
  const { user, system } = process.cpuUsage(began.cpu);
  const cpu = (user + system) / 1000;
  const wall = performance.now() - began.wall;
  const share = (ms: number): string =>
    `${ms.toFixed(0)} ms, ${((100 * ms) / cpu).toFixed(3)} % of the processor time`;
  console.log(`${steps} steps, ${problems} problems: ${spent.events} events, ${written} bytes written`);
  console.log(`the run: ${(cpu / 1000).toFixed(1)} s of processor time in ${(wall / 1000).toFixed(1)} s`);
  if (!isLinux) console.log("on the clock, not of the processor:");
  console.log(`live display: ${share(spent.display)}`);
  console.log(`--json: ${share(spent.json)}`);
  console.log(`--tensorboard: ${share(spent.tensorBoard)}`);
} finally {
  log.close();
  rmSync(folder, { recursive: true, force: true });
}
