"""Look for passwords and keys in what Git keeps: `make lint` runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of AWS": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})",
    "a token of Slack": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "a key of Google": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "a key of OpenAI or Anthropic": r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}",
    "a token of PyPI or npm": r"\b(?:pypi-[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})",
    "a token of Hugging Face": r"\bhf_[A-Za-z]{34}\b",
    "a password in an address": r"\b[a-z][a-z0-9+]{2,9}://[^\s/:@\"'{}$]+:[^\s/:@\"'{}$]{3,}@[\w.-]+",
    "a password in a line": r"""(?i)\b(?:password|passwd|secret|api_?key|access_?token)\b["']?\s*[:=]\s*["'][^\s"'{}$<]{8,}["']""",
}
ONLY_ELSEWHERE = re.compile(
    r"(^|/)(\.env(\.\w+)?|secrets\.toml|id_(rsa|ed25519|ecdsa)|.*\.(pem|p12|pfx|keystore))$"
)
"""Files whose place is not in Git."""


def secrets_in(text: str) -> list[str]:
    """Return what looks like a secret in a text, as "line: kind".

    Examples
    --------
    >>> secrets_in("a = 1\\npassword = 'hunter2hunter2'\\n")
    ['2: a password in a line']
    """
    return [
        f"{text.count(chr(10), 0, match.start()) + 1}: {kind}"
        for kind, pattern in KINDS.items()
        for match in re.finditer(pattern, text)
    ]


def main() -> int:
    """Look through every file that Git keeps or is about to keep; return how many places were found."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        print("This is no checkout of Git, so there is nothing to look through.")
        return 0
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if ONLY_ELSEWHERE.search(name):
            found.append(f"{name}: its place is not in Git")
        elif path.is_file() and not path.is_symlink():
            found += [
                f"{name}:{place}" for place in secrets_in(path.read_text(encoding="utf-8", errors="replace"))
            ]
    print("\n".join(found), file=sys.stderr)
    return len(found)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
