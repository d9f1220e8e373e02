"""Reads the order of the rooms from CMakeLists.txt and checks that no file looks upstairs.

A file of a room may include headers of its own room and of rooms that it links, itself or by way
of others, all of which stand earlier in the list; LibTorch's headers only in rooms marked TORCH.
Nobody includes cli.
"""

import re
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = re.compile(r"^\s*bonafide_room\(\s*(\w+)(\s+TORCH)?\b([^)]*)\)", re.MULTILINE)
LINKED = re.compile(r"\bbonafide_(\w+)")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
LIBTORCH = ("torch/", "ATen/", "c10/", "caffe2/")
SOURCES = (".h", ".cpp")


class Room:
    def __init__(self, torch, below):
        self.torch = torch  # whether it may use LibTorch
        self.below = below  # the rooms that it may include besides itself


def read_rooms(cmake):
    """Rooms by name, in order. A room that links one that stands later has no such room below it."""
    rooms = {}
    for name, torch, links in ROOM.findall(cmake):
        below = set()
        for linked in LINKED.findall(links):
            if linked in rooms:
                below |= {linked} | rooms[linked].below
        rooms[name] = Room(bool(torch), below)
    return rooms


def forbidden(rooms, room, text):
    """The includes that a file of `room` with this text may not have."""
    for mark, header in INCLUDE.findall(text):
        if header.startswith(LIBTORCH):
            if not rooms[room].torch:
                yield f"{header}: this room does without LibTorch"
        elif mark == '"' and header.split("/")[0] not in rooms[room].below | {room}:
            yield f"{header}: not in {room} or a room that it links"


def violations(root):
    rooms = read_rooms((root / "CMakeLists.txt").read_text())
    for room in rooms:
        for path in sorted((root / "src" / room).rglob("*")):
            if path.suffix in SOURCES:
                for what in forbidden(rooms, room, path.read_text()):
                    yield f"{path.relative_to(root)}: {what}"


class Rooms(unittest.TestCase):
    def test_no_file_includes_a_higher_room(self):
        self.assertEqual(list(violations(ROOT)), [])

    def test_every_folder_of_src_is_a_room_or_cli(self):
        folders = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
        rooms = set(read_rooms((ROOT / "CMakeLists.txt").read_text()))
        self.assertEqual(folders - {"cli"}, rooms & folders)

    def test_a_planted_violation_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "CMakeLists.txt").write_text(
                "bonafide_room(cellar LINK fmt::fmt)\n"
                "bonafide_room(shed LINK fmt::fmt)\n"
                "bonafide_room(hall LINK bonafide_cellar\n  fmt::fmt)\n"
                "if(X)\n  bonafide_room(attic TORCH LINK bonafide_hall)\nendif()\n"
            )
            files = {
                "cellar/good.h": '#include <vector>\n#include "cellar/other.h"\n',
                "cellar/up.h": '#include "hall/door.h"\n',
                "cellar/torch.cpp": "#include <torch/torch.h>\n",
                "cellar/tensor.cpp": '# include "ATen/ATen.h"\n',
                "hall/good.cpp": '#include "cellar/good.h"\n// #include "attic/roof.h"\n',
                "hall/cli.cpp": '#include "cli/command.h"\n',
                "hall/not_linked.cpp": '#include "shed/rake.h"\n',
                "attic/good.cpp": '#include <c10/util/Exception.h>\n#include "hall/door.h"\n'
                '#include "cellar/other.h"\n',
            }
            for name, text in files.items():
                path = root / "src" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

            found = {line.split(":")[0] for line in violations(root)}

            self.assertEqual(
                found,
                {
                    "src/cellar/up.h",
                    "src/cellar/torch.cpp",
                    "src/cellar/tensor.cpp",
                    "src/hall/cli.cpp",
                    "src/hall/not_linked.cpp",
                },
            )


if __name__ == "__main__":
    unittest.main()
