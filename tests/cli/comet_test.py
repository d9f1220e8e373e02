"""The journal on Comet, against a server of our own: what it is sent, and that no trouble stops a run.

comet_test.py BONAFIDE
"""
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile

from small_run import SMALL, finished, write_data

COMET = ["comet.mode=online", "comet.project=p", "comet.workspace=w", "comet.experiment=x"]


class Server:
    """Answers as told, and remembers what it was sent."""

    def __init__(self, answer):
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append((self.path, self.headers["Authorization"], json.loads(body)))
                status, text = answer(self.path, len(owner.requests))
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text.encode())
                except OSError:
                    pass  # the client has gone

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        # The Python package's variable has a path, which is not the REST interface's.
        self.address = f"http://127.0.0.1:{self.server.server_port}/clientlib/"

    def of(self, name):
        return [body for path, _, body in self.requests if path == f"/api/rest/v2/write/experiment/{name}"]


def well(path, _):
    created = path.endswith("/create")
    return 200, json.dumps({"experimentKey": "k1", "link": "l"} if created else {"msg": "saved"})


def train(program, out, data, address, key="secret-key", more=()):
    environment = {"COMET_API_KEY": key, "COMET_URL_OVERRIDE": address}
    return finished([program, "train", "aasist", *SMALL, *data, *COMET, *more, "--output", out],
                    environment)


def scalars(out):
    with open(os.path.join(out, "scalars.jsonl")) as file:
        return [json.loads(line) for line in file]


def archive(out):
    with zipfile.ZipFile(os.path.join(out, "comet.zip")) as zip_file:
        assert zip_file.testzip() is None
        metrics = zip_file.read("metrics.jsonl").decode().splitlines()
        return json.loads(zip_file.read("experiment.json")), [json.loads(line) for line in metrics]


def check_what_is_sent(program, folder, data):
    server, out = Server(well), os.path.join(folder, "sent")
    _, errors = train(program, out, data, server.address)
    assert errors == "", errors
    assert all(key == "secret-key" for _, key, _ in server.requests)
    assert server.of("create") == [{"projectName": "p", "workspaceName": "w", "experimentName": "x"}]
    metrics = server.of("metric")
    assert all(body["experimentKey"] == "k1" for body in metrics)
    sent = [(m["metricName"], float(m["metricValue"]), m.get("step"), m.get("epoch")) for m in metrics]
    written = [(s["name"], s["value"], s.get("step"), s.get("epoch")) for s in scalars(out)]
    assert sent == written, (sent, written)
    names = {name for name, *_ in sent}
    assert names >= {"batch_loss_train", "batch_accuracy_train", "learning_rate_train",
                     "steps_per_sec_train", "epoch_loss_train", "epoch_accuracy_train",
                     "epoch_time_train", "epoch_eer_dev", "best_dev_eer_final"}, names
    now = time.time() * 1000
    assert all(now - 600000 < m["timestamp"] <= now for m in metrics)
    parameters = {p["parameterName"]: p["parameterValue"] for p in server.of("parameter")}
    assert parameters["train.epochs"] == "2" and parameters["optimizer.lr"] == "0.003", parameters
    assert not os.path.exists(os.path.join(out, "comet.zip"))
    for name in os.listdir(out):
        with open(os.path.join(out, name), "rb") as file:
            assert b"secret-key" not in file.read(), name

    # Resumed, it goes on with its experiment and sends no figure twice.
    before = len(server.requests)
    finished([program, "train", os.path.join(out, "recipe.yaml"), "train.epochs=3", "--resume",
              "--output", out], {"COMET_API_KEY": "secret-key", "COMET_URL_OVERRIDE": server.address})
    more = server.requests[before:]
    assert more and all(path.endswith("/metric") for path, *_ in more), more
    assert all(b.get("step", 99) >= 8 and b.get("epoch", 99) >= 2 for *_, b in more), more
    names = [(m["metricName"], m.get("step"), m.get("epoch")) for *_, m in more]
    assert names == [(s["name"], s.get("step"), s.get("epoch"))
                     for s in scalars(out)[len(written) - 1:]], names  # the last was dropped


def check_the_steps_between(program, folder, data):
    server = Server(well)
    train(program, os.path.join(folder, "sparse"), data, server.address, more=["comet.log_step=3"])
    steps = {m["step"] for m in server.of("metric") if "step" in m}
    assert steps == {0, 3, 6}, steps
    assert any("epoch" in m for m in server.of("metric"))


def check_archive(out, wanted=None):
    experiment, metrics = archive(out)
    assert experiment["projectName"] == "p" and experiment["experimentName"] == "x", experiment
    assert {"parameterName": "train.epochs", "parameterValue": "2"} in experiment["parameters"]
    written = [(s["name"], s["value"]) for s in scalars(out)]
    assert [(m["metricName"], float(m["metricValue"])) for m in metrics] == written


def check_trouble(program, folder, data):
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))  # nobody listens

    def fails_later(path, count):
        return well(path, count) if count < 30 else (500, "")

    def hangs(path, count):
        time.sleep(1000)  # longer than the program is waited for
        return well(path, count)

    troubles = {
        "wrong-key": (Server(lambda *_: (401, "{}")).address, "is COMET_API_KEY right?"),
        "broken": (Server(lambda *_: (500, "")).address, "answers with status 500"),
        "fails-later": (Server(fails_later).address, "answers with status 500"),
        "no-json": (Server(lambda *_: (200, "<html>")).address, "names no experiment"),
        "hangs": (Server(hangs).address, "Comet: "),
        "nobody": (f"http://127.0.0.1:{closed.getsockname()[1]}", "Comet: "),
    }
    for name, (address, words) in troubles.items():
        out = os.path.join(folder, name)
        output, errors = train(program, out, data, address)
        assert "best: epoch" in output, output
        assert errors.count("\n") == 1 and words in errors and "comet.zip" in errors, (name, errors)
        assert "secret-key" not in errors, errors
        check_archive(out)


def check_without_key(program, folder, data):
    for name, mode in (("no-key", "online"), ("offline", "offline")):
        out = os.path.join(folder, name)
        _, errors = train(program, out, data, "http://127.0.0.1:9", key="", more=[f"comet.mode={mode}"])
        assert errors == "", errors
        check_archive(out)

    # With a key later, the run's whole history is sent.
    server, out = Server(well), os.path.join(folder, "no-key")
    finished([program, "train", "--resume", "--output", out],
             {"COMET_API_KEY": "later", "COMET_URL_OVERRIDE": server.address})
    assert {s["name"] for s in scalars(out)} == {m["metricName"] for m in server.of("metric")}
    assert len(server.of("metric")) == len(scalars(out))


def check_killed(program, folder, data):
    """What waited when the run was killed is sent by the one that goes on."""
    def slow(path, count):
        time.sleep(0.15)
        return well(path, count)

    first, second = Server(slow), Server(well)
    out = os.path.join(folder, "killed")
    environment = {"COMET_API_KEY": "k", "COMET_URL_OVERRIDE": first.address}
    running = subprocess.Popen([program, "train", "aasist", *SMALL, *data, *COMET, "--output", out],
                               env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    limit = time.time() + 120
    while len(first.of("metric")) < 20 and time.time() < limit:
        time.sleep(0.05)
    running.kill()
    running.wait()

    finished([program, "train", "--resume", "--output", out],
             {"COMET_API_KEY": "k", "COMET_URL_OVERRIDE": second.address})

    assert not second.of("create") and not os.path.exists(os.path.join(out, "comet.zip"))
    sent = [(m["metricName"], m.get("step"), m.get("epoch"))
            for m in first.of("metric") + second.of("metric")]
    wanted = {(s["name"], s.get("step"), s.get("epoch")) for s in scalars(out)}
    assert wanted <= set(sent), wanted - set(sent)
    assert len(sent) < len(wanted) + 18, (len(sent), len(wanted))  # 2 s without a record of it


def check_refusals(program, folder, data):
    for environment, words in (({"COMET_API_KEY": "a\nb"}, "COMET_API_KEY"),
                               ({"COMET_URL_OVERRIDE": "file:///etc/passwd"}, "COMET_URL_OVERRIDE")):
        _, errors = finished([program, "train", "aasist", *SMALL, *data, *COMET, "--output",
                              os.path.join(folder, "refused")], environment, status=2)
        assert words in errors and errors.count("\n") == 1, errors


def main(program):
    for name in [name for name in os.environ if name.startswith("COMET_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        data = write_data(folder)
        check_what_is_sent(program, folder, data)
        check_the_steps_between(program, folder, data)
        check_trouble(program, folder, data)
        check_without_key(program, folder, data)
        check_killed(program, folder, data)
        check_refusals(program, folder, data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
