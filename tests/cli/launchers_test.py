"""Two processes train, evaluate and score together under a real launcher, and do it once.

launchers_test.py BONAFIDE mpirun|torchrun|torchrun-standalone

Exits with 77 when the launcher is not installed.
"""
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from small_run import SKIPPED, SMALL, finished, write_data

DEBIAN_PYTHON = "/usr/bin/python3"  # which Debian's PyTorch is for

def mpirun():
    if shutil.which("mpirun") is None:
        return None
    root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
    return ["mpirun", *root, "--oversubscribe", "-n", "2"]


# Debian 13 builds PyTorch without the library that its store then asks for.
TORCHRUN = """
import runpy, torch, torch.distributed as distributed
Store = distributed.TCPStore
if int(torch.__version__.split(".")[0]) > 1:
    distributed.TCPStore = lambda *given, **named: Store(*given, **{**named, "use_libuv": False})
runpy.run_module("torch.distributed.run", run_name="__main__")
"""


def torchrun(*rendezvous):
    """Debian's has no program of the name. Under Python 3.11 its way to say "leave the output alone"
    is lost (Std.from_str("0") is None), so the output goes through it."""
    probe = subprocess.run([DEBIAN_PYTHON, "-c", "import torch.distributed.run"],
                           capture_output=True) if os.path.exists(DEBIAN_PYTHON) else None
    if probe is None or probe.returncode != 0:
        return None
    return [DEBIAN_PYTHON, "-c", TORCHRUN, "--no_python", "--nproc_per_node=2",
            "--redirects=1", "--tee=1", *rendezvous]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


LAUNCHERS = {
    "mpirun": mpirun,
    # The agent hosts the store that the processes meet at, ...
    "torchrun": lambda: torchrun("--master_addr=127.0.0.1", f"--master_port={free_port()}"),
    # ... or leaves that to the first process.
    "torchrun-standalone": lambda: torchrun("--standalone"),
}


def scores(path):
    with open(path) as file:
        return {row["file"]: row["score"] for row in csv.DictReader(file)}


def check_training(launcher, program, folder, data):
    out = os.path.join(folder, "together")
    output, _ = finished([*launcher, program, "train", "aasist", *SMALL, *data, "--output", out])
    assert output.count("best: epoch") == 1, output
    with open(os.path.join(out, "run.json")) as file:
        assert json.load(file)["processes"] == 2
    return os.path.join(out, "best.safetensors")


def check_evaluation(launcher, program, folder, data, model):
    command = [program, "evaluate", "aasist", *SMALL, *data, "--checkpoint", model, "--output"]
    alone, together = (os.path.join(folder, name) for name in ("eval-alone", "eval-together"))
    expected, _ = finished([*command, alone])
    output, _ = finished([*launcher, *command, together])
    assert output.count("report.html") == 1, output
    whole = scores(os.path.join(alone, "scores.csv"))
    assert scores(os.path.join(together, "scores.csv")) == whole and len(whole) == 15, whole
    with open(os.path.join(alone, "metrics.json")) as a, \
            open(os.path.join(together, "metrics.json")) as b:
        assert json.load(a) == json.load(b)
    table = output.replace("[default0]:", "")
    assert expected.splitlines()[:5] == table.splitlines()[:5], (expected, output)


def check_scoring(launcher, program, folder, model):
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith("wav"))
    command = [program, "score", "--model", model, "--threads", "1", *files]
    expected, _ = finished(command)
    path = os.path.join(folder, "together.csv")
    finished([*launcher, *command, "--output", path])
    with open(path) as file:
        assert file.read() == expected


def pids_of(out):
    """The processes of a job whose command line names the run directory."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if out.encode() in words and os.path.basename(words[0]).startswith(b"bonafide"):
            found.append(int(name))
    return found


def check_that_a_death_ends_the_job(launcher, program, folder, data):
    out = os.path.join(folder, "widowed")
    job = subprocess.Popen([*launcher, program, "train", "aasist", *SMALL, *data,
                            "train.epochs=100000", "--output", out],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while not os.path.exists(os.path.join(out, "log.csv")):
        assert job.poll() is None, job.communicate()
        time.sleep(0.1)
    processes = pids_of(out)
    assert len(processes) == 2, processes
    os.kill(processes[1], signal.SIGKILL)
    output, _ = job.communicate(timeout=120)
    assert job.returncode != 0, output
    assert not pids_of(out), "a process stayed behind"


def check_that_a_failure_ends_the_job(launcher, program, folder, model):
    """The first process cannot write; the others wait for it somewhere else."""
    files = [os.path.join(folder, f"u{i}.wav") for i in range(4)]
    done = subprocess.run([*launcher, program, "score", "--model", model, *files, "--output",
                           os.path.join(folder, "no-such-folder", "scores.csv")],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode != 0, done
    assert "no-such-folder" in done.stdout + done.stderr, done


def main(program, name):
    launcher = LAUNCHERS[name]()
    if launcher is None:
        print(f"SKIPPED: {name} is not installed (script/bootstrap --launchers)")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        data = write_data(folder, 15)  # not a multiple of the processes
        model = check_training(launcher, program, folder, data)
        check_evaluation(launcher, program, folder, data, model)
        check_scoring(launcher, program, folder, model)
        check_that_a_failure_ends_the_job(launcher, program, folder, model)
        check_that_a_death_ends_the_job(launcher, program, folder, data)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
