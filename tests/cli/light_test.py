"""The program that people type must not carry LibTorch: light_test.py BONAFIDE"""
import subprocess
import sys


def main(program):
    libraries = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    heavy = [line.strip() for line in libraries.splitlines() if "libtorch" in line or "libc10" in line]
    for line in heavy:
        print("linked:", line)
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
