"""Verdicts of rrr, from one process that runs as long as the training."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor


class Verifier:
    """`rrr verify`: a question a line, a verdict a line, in the same order."""

    def __init__(self, command: list[str]):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.writer = ThreadPoolExecutor(1)

    def verdicts(self, items: list[str], completions: list[str]) -> list[dict]:
        """A verdict for each completion. `items` are JSON, as `rrr export` writes them."""
        questions = [
            f'{{"item": {item}, "completion": {json.dumps(completion)}}}\n'
            for item, completion in zip(items, completions, strict=True)
        ]
        # Beside the reading: a pipe that is full would hold both programs up.
        writing = self.writer.submit(self._write, questions)
        verdicts = [json.loads(self._read()) for _ in questions]
        writing.result()
        return verdicts

    def rewards(self, items: list[str], completions: list[str]) -> list[float | None]:
        """1 for what passes, 0 for what fails. None where the check could not be made: TRL leaves that out."""
        worth = {"pass": 1.0, "fail": 0.0}
        return [worth.get(verdict["kind"]) for verdict in self.verdicts(items, completions)]

    def close(self) -> None:
        self.writer.shutdown()
        self.process.stdin.close()
        self.process.wait()

    def _write(self, questions: list[str]) -> None:
        self.process.stdin.writelines(questions)
        self.process.stdin.flush()

    def _read(self) -> str:
        line = self.process.stdout.readline()
        if line == "":
            raise RuntimeError(f"rrr verify ended with {self.process.wait()}")
        return line
