"""bonafide models, with a web server of its own. Usage: models_test.py BONAFIDE

Fetching official weights to the end needs them in ../shared/weights (or in BONAFIDE_SHARED)."""

import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

BONAFIDE = pathlib.Path(sys.argv.pop(1)).resolve()
REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
SHARED = pathlib.Path(os.environ.get("BONAFIDE_SHARED", REPOSITORY.parent / "shared"))
WEIGHTS = SHARED / "weights" / "AASIST-L.pth"
SIZE = 426428  # bytes, of AASIST-L.pth
PATH = "/clovaai/aasist/a04c9863f63d44471dde8a6abcb3b082b07cd1d1/models/weights/AASIST-L.pth"


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", PATH)
            self.end_headers()
            return
        contents = {"/wrong": lambda: bytes(SIZE), "/short": lambda: b"x",
                    "/endless": lambda: bytes(SIZE + 1)}
        if WEIGHTS.exists():
            contents[PATH] = WEIGHTS.read_bytes
        if self.path not in contents:
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        try:
            self.wfile.write(contents[self.path]())
        except ConnectionError:
            pass

    def log_message(self, *arguments):
        pass


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
        cls.address = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.home = pathlib.Path(directory.name)
        self.models = self.home / "bonafide/models"

    def bonafide(self, *arguments, **environment):
        proxies = {"no_proxy": "127.0.0.1,127.0.0.2"}
        return subprocess.run(
            [BONAFIDE, *map(str, arguments)], capture_output=True, text=True,
            env={**os.environ, **proxies, "XDG_DATA_HOME": str(self.home), **environment})

    def assert_fetch_fails(self, message, address):
        result = self.bonafide("models", "fetch", "aasist-l", "--from", address)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertIn(message, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual(list(self.models.iterdir()), [])

    @unittest.skipUnless(WEIGHTS.exists(), "needs ../shared/weights (or BONAFIDE_SHARED)")
    def test_fetches_from_a_mirror_where_score_looks(self):
        result = self.bonafide("models", "fetch", "aasist-l", BONAFIDE_MODELS_URL=self.address)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([path.name for path in self.models.iterdir()], ["aasist-l.safetensors"])
        shown = self.bonafide("models", "show", "aasist-l").stdout
        self.assertIn("licence: MIT, Copyright (c) 2021-present NAVER Corp.", shown)
        self.assertIn("fetched", self.bonafide("models", "list").stdout)

    @unittest.skipUnless(WEIGHTS.exists(), "needs ../shared/weights (or BONAFIDE_SHARED)")
    def test_leaves_a_checkpoint_of_that_name_alone(self):
        mine = self.home / "aasist-l.pth"
        mine.write_text("mine")

        result = self.bonafide("models", "fetch", "aasist-l", "--to", mine.parent,
                               BONAFIDE_MODELS_URL=self.address)

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(mine.read_text(), "mine")
        self.assertEqual([path.name for path in mine.parent.glob(".aasist*")], [])

    @unittest.skipUnless(WEIGHTS.exists(), "needs ../shared/weights (or BONAFIDE_SHARED)")
    def test_follows_redirects_and_writes_where_it_is_told(self):
        result = self.bonafide("models", "fetch", "aasist-l", "--from", self.address + "/moved",
                               "--to", self.home / "elsewhere")

        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([path.name for path in (self.home / "elsewhere").iterdir()],
                         ["aasist-l.safetensors"])

    def test_refuses_and_removes_a_file_with_another_hash(self):
        self.assert_fetch_fails("sends another file than expected", self.address + "/wrong")
        self.assert_fetch_fails("1 bytes; expected", self.address + "/short")

    def test_stops_when_more_comes_than_expected(self):
        self.assert_fetch_fails(f"more than the {SIZE} bytes", self.address + "/endless")

    def test_says_that_the_server_has_no_such_file(self):
        self.assert_fetch_fails("status 404", self.address + "/none")

    def test_says_that_nobody_answers(self):
        self.assert_fetch_fails("is this machine connected", "http://127.0.0.2:1/x")

    def test_refuses_other_protocols(self):
        self.assert_fetch_fails("nsupported protocol", "file:///etc/passwd")

    def test_names_the_published_weights_when_asked_for_others(self):
        result = self.bonafide("models", "fetch", "nothing")

        self.assertEqual(result.returncode, 2)
        self.assertIn("aasist, aasist-l, aasist-asvspoof5", result.stderr)

    def test_lists_published_weights_with_licence_and_result(self):
        listed = self.bonafide("models", "list").stdout

        self.assertRegex(listed, r"aasist-l +MIT +to fetch +AASIST-L.*EER 0.99 %")

    def test_lists_the_same_as_json(self):
        listed = json.loads(self.bonafide("models", "list", "--json").stdout)
        systems = {system["recipe"]: system for system in listed["systems"]}
        self.assertEqual(systems["lcnn"]["parameters"], 10198816)
        self.assertEqual(systems["lcnn"]["macs"], 7136000000)
        self.assertIn("1.06 %", systems["rawgat-st"]["result"])
        self.assertIn({"name": "aasist-l", "licence": "MIT", "installed": False}, listed["models"])
        self.assertIn({"name": "builtin", "installed": True}, listed["models"])

    def test_lists_systems_with_size_cost_and_what_verifies_them(self):
        listed = self.bonafide("models", "list").stdout

        self.assertRegex(listed, r"lcnn +10198816 +7.14 unstated +outputs, gradients.*EER 2.13 %")
        self.assertRegex(listed, r"aasist-l +85306 +6.60 MIT .*EER 0.99 %.*clovaai/aasist")

    def test_says_how_to_get_a_model_that_is_not_here(self):
        result = self.bonafide("models", "show", "aasist")

        self.assertEqual(result.returncode, 1)
        self.assertIn("bonafide models fetch aasist", result.stderr)


unittest.main()
