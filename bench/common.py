"""What the benchmarks share: pinned processes, a control of the machine, interleaved rounds."""

import os
import statistics
import subprocess
import time
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's PyTorch

# glibc keeps freed memory instead of returning it to the kernel after every layer.
TUNED = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 30),
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "MALLOC_TOP_PAD_": str(256 << 20),
}


def run(command, threads, environment=None, folder=None):
    """Runs a command on the first `threads` cores, in a folder; returns its standard output."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    result = subprocess.run(
        [str(part) for part in command],
        env={**os.environ, "OMP_NUM_THREADS": str(threads), **(environment or {})},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=folder,
    )
    return result.stdout


def run_measured(command, threads, environment=None):
    """The same, with the process' largest resident set in MiB."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, "OMP_NUM_THREADS": str(threads), **(environment or {})},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
        stdout=subprocess.PIPE,
        text=True,
    )
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return output, usage.ru_maxrss / 1024


def write_recordings(folder, count, samples):
    """Noise at 16 kHz with labels by turns, and manifest.csv of them; four more for dev. The paths."""
    import numpy

    random = numpy.random.default_rng(1)
    lines = ["path,label,partition"]
    for i in range(count + 4):
        noise = (random.standard_normal(samples) * 3000).astype("<i2")
        with wave.open(str(folder / f"{i}.wav"), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(noise.tobytes())
        label = "bonafide" if i % 2 else "spoof"
        lines.append(f"{i}.wav,{label},{'train' if i < count else 'dev'}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")
    return [folder / f"{i}.wav" for i in range(count)]


def free_cores(threads):
    """How many of `threads` busy loops' worth of processor time one gets now."""
    loop = "import time\nend = time.time() + 1\nwhile time.time() < end: pass\nprint(time.process_time())"
    cores = sorted(os.sched_getaffinity(0))[:threads]
    loops = [
        subprocess.Popen(
            [PYTHON, "-c", loop],
            stdout=subprocess.PIPE,
            preexec_fn=lambda core=core: os.sched_setaffinity(0, [core]),
        )
        for core in cores
    ]
    return sum(float(one.communicate()[0]) for one in loops)


def interleaved(contestants, rounds):
    """Runs each contestant once a round, in turn; {name: [what each run returned]}."""
    results = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            results[name].append(work())
    return results


def wall_seconds(work):
    began = time.monotonic()
    work()
    return time.monotonic() - began


def print_rates(rates, ours):
    """A table of medians, ranges, and how many times faster `ours` is, paired round by round."""
    print(f"  {'':34}{'median':>9}{'lowest':>9}{'highest':>9}   {ours} / this")
    for name, values in rates.items():
        ratio = statistics.median(a / b for a, b in zip(rates[ours], values))
        print(
            f"  {name:34}{statistics.median(values):9.2f}{min(values):9.2f}{max(values):9.2f}"
            f"   {ratio:.2f}"
        )
