"""What visitors must not get, and what must not get into Git."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))

import find_secrets  # noqa: E402 - lives in tools/, which is no package


def test_uploads_are_protected_and_errors_tell_visitors_nothing():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["server"]["enableXsrfProtection"] is True
    assert config["server"].get("enableCORS", True) is True
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False


def test_the_shipped_servers_keep_these_settings():
    for path in [ROOT / "Makefile", *(ROOT / "deploy").glob("*")]:
        text = path.read_text(encoding="utf-8").lower()
        for setting in ("xsrf", "enablecors", "enable_cors", "showerrordetails", "show_error_details"):
            assert setting not in text, f"{path.name} sets {setting}"


# In two pieces, or this file would be found itself.
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("x = AKIA" + "ABCDEFGHIJKLMNOP", "a key of AWS"),
        ("ghp_" + "a1" * 18, "a token of GitHub"),
        ("sk-ant-" + "a1-_" * 10, "a key of OpenAI or Anthropic"),
        ("postgres://me:" + "secret1@db.example/x", "a password in an address"),
        ("api_key = " + "'0123456789'", "a password in a line"),
    ],
)
def test_a_secret_is_found(text, kind):
    assert find_secrets.secrets_in(f"first\n{text}\n") == [f"2: {kind}"]


def test_what_is_no_secret_is_not():
    text = "password = '{password}'\nurl = 'http://127.0.0.1:8501/x@y'\nmd5 = 'f68b3c2dcbeaaa9fbdd348bbdeb94873'\nimport secrets\n"
    assert find_secrets.secrets_in(text) == []


def test_git_holds_no_secret(capsys):
    assert find_secrets.main() == 0, capsys.readouterr().err


CODE = [
    path
    for folder in ("ui", "softmax_core", "charts", "instruments", "locales", "pages")
    for path in (ROOT / folder).rglob("*.py")
]
RUNS = {"eval", "exec", "compile", "__import__", "system", "popen"}
"""Functions that run what they are given; `re.compile` reads no code."""


def test_no_text_is_run_and_no_file_is_unpickled():
    assert len(CODE) > 150
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = {getattr(node, "module", None) or "", *(one.name for one in node.names)}
                assert not modules & {"pickle", "marshal", "shelve", "subprocess", "yaml"}, path
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name == "re.compile" or name.split(".")[-1] not in RUNS, f"{path}: {name}"
                if name == "np.load":
                    assert "allow_pickle=False" in ast.unparse(node), path
