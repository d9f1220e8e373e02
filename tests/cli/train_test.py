"""From recordings to a report with the real program: manifest, train, resume, score, evaluate, metrics.

train_test.py BONAFIDE
"""
import csv
import json
import os
import random
import signal
import struct
import socket
import subprocess
import sys
import tempfile
import time

from small_run import write_wav

SMALL = ["model.filts=[70,[1,4],[4,4],[4,4],[4,4]]", "model.gat_dims=[4,4]", "input.samples=6000",
         "train.batch_size=4", "train.epochs=8", "optimizer.lr=0.003",
         "loss.class_weights=[0.5,0.5]", "data.corpus=manifest"]


def run(program, *arguments, status=0):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=300)
    if done.returncode != status:
        sys.exit(f"{' '.join(arguments)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def tensors(path):
    """The bytes of a safetensors file's tensors."""
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    start = 8 + length
    return {name: data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]]
            for name, entry in header.items()}


def check_that_kills_lose_nothing(program, folder, data, whole):
    """Killed without warning at any step and resumed, a run ends with the same weights."""
    out = os.path.join(folder, "killed")
    begin = ["train", "aasist", *SMALL, *data, "train.save_minutes=0", "--output", out]
    resume = ["train", "--resume", "--output", out]
    state, pauses = os.path.join(out, "state.safetensors"), random.Random(7)
    for kill in range(3):
        saved = os.stat(state).st_mtime_ns if kill else 0
        running = subprocess.Popen([program, *(resume if kill else begin)],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not os.path.exists(state) or os.stat(state).st_mtime_ns == saved:
            assert running.poll() is None or kill, "ended before it saved"
            if running.poll() is not None:
                break
            time.sleep(0.002)
        time.sleep(0.1 * pauses.random())
        assert running.poll() is None or kill, "ended before it could be killed"
        running.kill()
        running.wait()
    run(program, *resume)
    for name in ("last.safetensors", "best.safetensors", "averaged.safetensors"):
        assert tensors(os.path.join(out, name)) == tensors(os.path.join(whole, name)), name
    with open(os.path.join(out, "log.csv")) as a, open(os.path.join(whole, "log.csv")) as b:
        left, right = list(csv.DictReader(a)), list(csv.DictReader(b))
    assert [row["loss"] for row in left] == [row["loss"] for row in right], (left, right)


def check_that_an_interrupt_is_no_success(program, folder, data):
    out = os.path.join(folder, "interrupted")
    running = subprocess.Popen([program, "train", "aasist", *SMALL, *data, "train.epochs=1000",
                                "--output", out], stdout=subprocess.PIPE, text=True)
    while not os.path.exists(os.path.join(out, "log.csv")):
        assert running.poll() is None
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 3 and "--resume" in said, (running.returncode, said)


def check_that_scores_outlive_poor_figures(program, folder, data):
    """With no spoof left to score there is no EER, but what was scored and why stands there."""
    manifest, out = os.path.join(folder, "half.csv"), os.path.join(folder, "half")
    with open(manifest, "w") as file:
        file.write("path,label\nu0.wav,bonafide\nu2.wav,bonafide\nmissing.wav,spoof\n")
    done = subprocess.run([program, "evaluate", "aasist", "data.corpus=manifest",
                           f"data.eval={manifest}", "--checkpoint", "builtin", "--output", out],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "missing.wav" in done.stderr, done
    with open(os.path.join(out, "scores.csv"), newline="") as file:
        assert [bool(row["score"]) for row in csv.DictReader(file)] == [True, True, False]


def check_several_processes(program, folder, data):
    """Two processes share a run: one directory, one voice, and the end of one is the end of both."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def start(rank, *command):
        place = {"RANK": str(rank), "WORLD_SIZE": "2", "LOCAL_RANK": str(rank),
                 "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        return subprocess.Popen([program, *command], env={**os.environ, **place},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    out = os.path.join(folder, "shared")
    command = ["train", "aasist", *SMALL, *data, "train.batch_size=2", "compute.threads=1",
               "--output", out]
    both = [start(rank, *command) for rank in (0, 1)]
    answers = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert "best: epoch" in answers[0][0] and answers[1][0] == "", answers
    with open(os.path.join(out, "run.json")) as file:
        record = json.load(file)
    assert record["processes"] == 2 and record["processor"], record
    assert " train aasist " in record["command"], record

    command[-1] = os.path.join(folder, "widowed")
    both = [start(rank, *command, "train.epochs=1000") for rank in (0, 1)]
    while not os.path.exists(os.path.join(command[-1], "log.csv")):
        assert both[0].poll() is None, both[0].communicate()
        time.sleep(0.1)
    both[1].kill()
    _, complaint = both[0].communicate(timeout=120)
    both[1].communicate()
    assert both[0].returncode == 1 and "another process of the job" in complaint, complaint
    assert complaint.count("\n") == 1, complaint


def check_tandem_cost(program, folder, data, model):
    """With scores of speaker verification an evaluation has the t-DCF that `metrics` finds."""
    asv, out = os.path.join(folder, "asv.txt"), os.path.join(folder, "tandem")
    with open(asv, "w") as file:
        file.write("- target 3.0\n- target 2.0\n- nontarget -2.0\n- nontarget -1.0\n"
                   "A01 spoof 2.5\nA01 spoof -3.0\n")
    run(program, "evaluate", "aasist", *SMALL, *data, f"evaluate.asv_scores={asv}",
        "--checkpoint", model, "--output", out)
    alone = os.path.join(folder, "alone.json")
    run(program, "metrics", os.path.join(out, "scores.csv"), "--asv-scores", asv, "--json", alone)
    with open(os.path.join(out, "metrics.json")) as ours, open(alone) as theirs:
        found, want = json.load(ours)["metrics"], json.load(theirs)["metrics"]
    assert found["min_tdcf_legacy"]["value"] == want["min_tdcf_legacy"]["value"], (found, want)


def check_models_that_the_recipe_does_not_know(program, folder, manifest):
    """A recipe may be for the data alone: rate and window are the model's, which may be a name."""
    out = os.path.join(folder, "named")
    data = ["data.corpus=manifest", f"data.eval={manifest}"]
    here = os.path.join(folder, "here")
    os.mkdir(here)
    with open(os.path.join(here, "log.csv"), "w") as file:
        file.write("no,journal\nof,ours\n")
    for more in ([], ["input.samples=16000"]):
        command = [os.path.abspath(program), "evaluate", "aasist", *data, *more, "--checkpoint",
                   "builtin", "--output", out]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=here)
        assert done.returncode == (2 if more else 0), done
    assert "input.samples=16000: the model was made with" in done.stderr, done.stderr
    assert os.path.exists(os.path.join(out, "report.html"))
    with open(os.path.join(out, "scores.csv"), newline="") as file:
        found = {row["file"]: float(row["score"]) for row in csv.DictReader(file)}
    rows = list(csv.DictReader(run(program, "score", "--model", "builtin", *(
        os.path.join(folder, name) for name in found)).splitlines()))
    assert len(rows) == len(found)
    for row in rows:
        assert abs(float(row["score"]) - found[os.path.basename(row["file"])]) < 1e-4, (row, found)


def check_events(out):
    """TensorBoard's file: records whose lengths add up and that hold the scalars' names."""
    name = next(name for name in os.listdir(out) if name.startswith("events.out.tfevents"))
    with open(os.path.join(out, name), "rb") as file:
        data = file.read()
    at, records = 0, []
    while at < len(data):
        length = struct.unpack_from("<Q", data, at)[0]
        records.append(data[at + 12:at + 12 + length])
        at += length + 16
    assert at == len(data) and b"brain.Event:2" in records[0], at
    assert any(b"epoch_eer_dev" in record for record in records), "no EER"
    with open(os.path.join(out, "scalars.jsonl")) as file:
        lines = [json.loads(line) for line in file]
    assert len(lines) == len(records) - 2, (len(lines), len(records))  # version, begin of session


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        manifest = os.path.join(folder, "all.csv")
        with open(manifest, "w") as file:
            file.write("path,label,attack,codec\n")
            for i in range(16):
                spoof = i % 2 == 1
                write_wav(os.path.join(folder, f"u{i}.wav"), spoof, i)
                file.write(f"u{i}.wav,{'spoof' if spoof else 'bonafide'},{'tone' if spoof else ''},"
                           f"{'alaw' if i % 4 < 2 else 'gsm'}\n")
        data = [f"data.{part}={manifest}" for part in ("train", "dev", "eval", "calibration")]
        out = os.path.join(folder, "run")
        run(program, "train", "aasist", *SMALL, *data, "--output", out)
        model = os.path.join(out, "best.safetensors")

        rows = list(csv.DictReader(run(program, "score", "--model", model, folder).splitlines()))
        assert len(rows) == 16, rows
        assert all(row["score"] and row["llr"] and row["verdict"] for row in rows), rows

        evaluation = os.path.join(folder, "evaluation")
        run(program, "evaluate", "aasist", *SMALL, *data, "--checkpoint", model, "--output", evaluation)
        with open(os.path.join(evaluation, "metrics.json")) as file:
            report = json.load(file)
        eer = report["metrics"]["eer"]["value"]
        assert eer < 0.3, f"an easy task, but an EER of {eer}"
        with open(os.path.join(out, "run.json")) as file:
            trained_on = json.load(file)["data"]
        assert report["data"] == trained_on["dev"], "here the eval part is the dev part"
        check_tandem_cost(program, folder, data, model)
        check_models_that_the_recipe_does_not_know(program, folder, manifest)
        with open(os.path.join(evaluation, "report.html")) as file:
            page = file.read()
        assert "<svg" in page and "http://" not in page.replace("http://www.w3.org", ""), "not one file"

        table = run(program, "metrics", os.path.join(evaluation, "scores.csv"), "--bootstrap", "200")
        assert "EER" in table, table
        table = run(program, "metrics", os.path.join(evaluation, "scores.csv"), "--by", "codec")
        assert "alaw" in table and "gsm" in table, table
        check_events(out)
        check_that_kills_lose_nothing(program, folder, data, out)
        check_several_processes(program, folder, data)
        check_that_an_interrupt_is_no_success(program, folder, data)
        check_that_scores_outlive_poor_figures(program, folder, data)
        run(program, "train", "--resume", "--output", out)  # nothing left to do is no error
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
