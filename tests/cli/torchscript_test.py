"""A TorchScript file scored and evaluated by a recipe of one's own: torchscript_test.py BONAFIDE WRITER

WRITER makes a network whose bona fide logit is a recording's energy.
"""

import csv
import json
import struct
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

RECIPE = """name: loudness
system: torchscript
input:
  samples: 8000
model:
  input: wave
  rule: {rule}
"""


def write_recording(path, level):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(struct.pack("<8000h", *([level, -level] * 4000)))


def run(*command, status=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == status, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout if status == 0 else done.stderr


def main(program, writer):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(writer, folder / "network.pt")
        recipe = folder / "mine.yaml"
        recipe.write_text(RECIPE.format(rule="difference"))
        lines = ["path,label,partition"]
        for i, level in enumerate([8192, 1024, 16384, 512]):
            write_recording(folder / f"{i}.wav", level)
            lines.append(f"{i}.wav,{'spoof' if i % 2 else 'bonafide'},eval")
        (folder / "all.csv").write_text("\n".join(lines) + "\n")

        rows = list(csv.DictReader(run(
            program, "score", "--model", recipe, "--checkpoint", folder / "network.pt",
            folder / "0.wav", folder / "1.wav").splitlines()))
        # 8192 is a quarter of full scale: its energy is 1/16, and the logits differ by twice that.
        assert [float(row["score"]) for row in rows] == [2 / 16, 2 / 1024], rows

        run(program, "evaluate", recipe, "data.corpus=manifest", f"data.root={folder}/all.csv",
            "--checkpoint", folder / "network.pt", "--output", folder / "evaluation")
        metrics = json.loads((folder / "evaluation/metrics.json").read_text())["metrics"]
        assert metrics["eer"]["value"] == 0, metrics

        message = run(program, "train", recipe, "data.corpus=manifest",
                      f"data.train={folder}/all.csv", f"data.dev={folder}/all.csv",
                      f"model.file={folder}/network.pt", "--output", folder / "run", status=2)
        assert "is not trained" in message and message.count("\n") == 1, message
        assert not (folder / "run").exists()

        recipe.write_text(RECIPE.format(rule="value"))
        message = run(program, "score", "--model", recipe, "--checkpoint", folder / "network.pt",
                      folder / "0.wav", status=2)
        assert "model.rule" in message and message.count("\n") == 1, message


if __name__ == "__main__":
    main(*sys.argv[1:])
