// A run's metrics in MLflow, by its REST API: needs a server, e.g. `mlflow server`, named by MLFLOW_TRACKING_URI.
import { basename } from "node:path";
import { createMetrics, startRun } from "@rrr/runs";

const server = process.env.MLFLOW_TRACKING_URI;

async function ask(call: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${server}/api/2.0/mlflow/${call}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${call}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}

if (server === undefined) {
  console.log("skipped: MLFLOW_TRACKING_URI names no server");
} else {
  const run = await startRun({
    task: "countdown",
    plan: { kind: "train", problems: 20, train: { steps: 2, failuresPerStep: 8 } },
  });
  const created = await ask("runs/create", {
    experiment_id: "0",
    run_name: basename(run.folder),
    start_time: Date.now(),
  });
  const { run_id } = (created.run as { info: { run_id: string } }).info;
  const metricsOf = createMetrics();
  let status = "KILLED";
  try {
    for await (const event of run) {
      // W&B, Aim or a file take the same names, steps and values.
      const metrics = metricsOf(event).map(({ name, step, value }) => ({
        key: name,
        step,
        value,
        timestamp: Date.now(),
      }));
      if (metrics.length > 0) await ask("runs/log-batch", { run_id, metrics });
      if (event.kind === "result") status = "FINISHED";
    }
  } finally {
    await ask("runs/update", { run_id, status, end_time: Date.now() });
  }
  console.log(`${status}: ${server}/#/experiments/0/runs/${run_id}`);
}
