import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent } from "../flow/events.ts";
import { writeFailed } from "../store/write-failed.ts";
import { metricsRecord, readMetricKeys, restartRecord, versionRecord } from "./event-file.ts";
import { createMetrics, type Metric } from "./metrics.ts";

/** Writes a run's metrics for TensorBoard. */
export interface TensorBoardLog {
  /** @throws RrrError `bad-run` where it cannot be written */
  take(event: RunEvent): void;
  close(): void;
}

/**
 * A run's metrics as an event file in a folder, from events that are passed on to it. A run that is resumed goes on in the
 * same folder, in a file of its own: steps that it does again are marked as a new session, so that TensorBoard drops what it
 * had of them; what is there already is not written twice.
 * @param folder is made; one of each run
 * @param now milliseconds since 1970
 */
export function tensorBoardLog(folder: string, now: () => number = Date.now): TensorBoardLog {
  const metricsOf = createMetrics();
  const written = writtenBefore(folder);
  const lastStep = Math.max(-1, ...[...written].filter((key) => key.startsWith("train/")).map(stepOf));
  let file: number | undefined;
  let isContinued = false;
  const write = (record: (wallTime: number) => Buffer): void => {
    try {
      if (file === undefined) {
        mkdirSync(folder, { recursive: true });
        // Readers take files in the order of their names.
        const path = join(
          folder,
          `events.out.tfevents.${String(now()).padStart(14, "0")}.${process.pid}.rrr`,
        );
        file = openSync(path, "ax");
        writeSync(file, versionRecord(now() / 1000));
      }
      writeSync(file, record(now() / 1000));
    } catch (cause) {
      throw writeFailed(folder, cause);
    }
  };
  return {
    take(event) {
      const metrics = metricsOf(event);
      if (event.kind === "step" && !isContinued) {
        isContinued = true;
        const { step } = event.report;
        if (lastStep >= step) {
          write((wallTime) => restartRecord(wallTime, step));
          for (const key of [...written]) if (stepOf(key) >= step) written.delete(key);
        }
      }
      const fresh = metrics.filter((metric) => !written.has(keyOf(metric)));
      const [first] = fresh;
      if (first === undefined) return;
      write((wallTime) => metricsRecord(wallTime, first.step, fresh));
      for (const metric of fresh) written.add(keyOf(metric));
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** Whether a file of that name is one that a run wrote. */
export function isEventFile(name: string): boolean {
  return name.startsWith("events.out.tfevents.") && name.endsWith(".rrr");
}

const keyOf = ({ name, step }: Pick<Metric, "name" | "step">): string => `${name} ${step}`;
const stepOf = (key: string): number => Number(key.slice(key.lastIndexOf(" ") + 1));

/** What earlier processes wrote of the same run. */
function writtenBefore(folder: string): Set<string> {
  try {
    const files = readdirSync(folder).filter(isEventFile);
    return new Set(files.flatMap((name) => readMetricKeys(readFileSync(join(folder, name))).map(keyOf)));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw writeFailed(folder, cause);
  }
}
