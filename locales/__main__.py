"""Bring the catalogues up to date with the code: `python -m locales`.

Every lesson has a catalogue of its own, `locales/zh/softmax.po` for pages/softmax.py and ui/softmax/; what stands
elsewhere goes to the catalogue of its folder. A string used in several places is kept in the first catalogue by name.
"""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from locales import SOURCE_LANGUAGE, languages

ROOT = Path(__file__).parent.parent
_HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
MARKS = ("_", "both", "N_")
SOURCES = ("app.py", "softmax_core/**/*.py", "pages/*.py", "ui/**/*.py", "charts/*.py", "instruments/**/*.py")


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call of `_`, `both` or `N_` in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            yield node


def literal(call: ast.Call) -> str | None:
    """The one string literal that such a call has; None for anything else."""
    if len(call.args) != 1 or call.keywords:
        return None
    argument = call.args[0]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def room_of(path: Path) -> str:
    """The catalogue that a source file's strings go to."""
    floor, *rest = path.relative_to(ROOT).with_suffix("").parts
    return rest[0] if floor in ("pages", "ui") and rest else floor


def extracted() -> dict[str, set[str]]:
    """Room -> the msgids in use; each msgid stands in one room."""
    rooms: dict[str, set[str]] = {}
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            texts = {text for call in calls(path) if (text := literal(call))}
            rooms.setdefault(room_of(path), set()).update(texts)
    seen: set[str] = set()
    for room in sorted(rooms):
        rooms[room] -= seen
        seen |= rooms[room]
    return {room: messages for room, messages in sorted(rooms.items()) if messages}


def update(language: str) -> list[str]:
    """Rewrite the catalogues of one language; returns what still has to be translated."""
    folder = Path(__file__).parent / language
    folder.mkdir(exist_ok=True)
    rooms = extracted()  # first: a file that cannot be read must not cost a translation
    translations: dict[str, str] = {}
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            translations.update({str(m.id): str(m.string) for m in read_po(file) if m.id and m.string})
        path.unlink()
    for room, messages in rooms.items():
        catalogue = Catalog(locale=language, charset="utf-8")
        for message in messages:
            catalogue.add(message, translations.get(message, ""))
        text = io.BytesIO()
        write_po(text, catalogue, width=0, omit_header=True, sort_output=True)
        (folder / f"{room}.po").write_bytes(_HEADER.format(language=language).encode() + text.getvalue())
    return sorted(text for messages in rooms.values() for text in messages if not translations.get(text))


def main() -> None:
    """Update every language but English and name what is missing."""
    for language in languages:
        if language != SOURCE_LANGUAGE:
            missing = update(language)
            print(f"{language}: {len(missing)} to translate")
            for text in missing:
                print(f"  {text}")


if __name__ == "__main__":
    main()
