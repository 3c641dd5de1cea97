"""Find a Chromium, or install the distribution's: `python -m tests.browser.chromium`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    return os.getenv("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> int:
    if find():
        return 0
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"], check=False)
    if find():
        return 0
    print("!! Chromium was not found: the browser tests DID NOT RUN (install chromium)", file=sys.stderr)
    return 1 if os.getenv("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
