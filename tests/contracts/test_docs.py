"""Documentation cannot drift: links resolve, examples run, and the generated pages are up to date.

In README.md and docs/ every ```python block is executed and every line `$ detente ...` of a ```console
block is run, page by page in one empty folder, in order. What a console block shows below a command
must be what the command prints; `...` stands for anything left out. A block that is no program says so
by the words `no-run` after its language.
"""

import os
import re
import runpy
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DETENTE = Path(sysconfig.get_path("scripts")) / ("detente.exe" if sys.platform == "win32" else "detente")
FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
LINK = re.compile(
    r"!?\[[^\]]*\]\((?P<target><[^>]+>|[^)\s]+)(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(?P<named>\S+)", re.M
)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, the other words of its fence, its text, its first line."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def split(page: str) -> tuple[list[Block], str]:
    """The fenced blocks of a page, and its prose with the blocks left empty."""
    blocks, prose, inside = [], [], None
    kept: list[str] = []
    begun = 0
    for number, line in enumerate(page.splitlines(), 1):
        fence = FENCE.match(line)
        if inside is None and fence:
            inside, kept, begun = fence, [], number
        elif (
            inside is not None and fence and fence["ticks"].startswith(inside["ticks"]) and not fence["info"]
        ):
            language, *words = inside["info"].split() or [""]
            blocks.append(Block(language, tuple(words), "\n".join(kept) + "\n", begun + 1))
            inside = None
        elif inside is not None:
            kept.append(line.removeprefix(inside["indent"]))
        prose.append("" if inside is not None or fence else line)
    assert inside is None, f"a block that begins on line {begun} never ends"
    return blocks, "\n".join(prose)


def anchors(page: str) -> set[str]:
    """The places inside a page that a link may name: its headings, as a reader of Markdown makes them."""
    found: set[str] = set()
    for title in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", split(page)[1], re.M):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        repeated = sum(
            1 for other in found if other == slug or re.fullmatch(re.escape(slug) + r"-\d+", other)
        )
        found.add(f"{slug}-{repeated}" if repeated else slug)
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", page))


def broken_links(path: Path, page: str) -> Iterator[str]:
    """The relative links of a page that lead nowhere."""
    for match in LINK.finditer(re.sub(r"`[^`\n]*`", "", split(page)[1])):
        target = unquote((match["target"] or match["named"]).strip("<>"))
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        where, _, anchor = target.partition("#")
        file = (path.parent / where).resolve() if where else path
        known = file.exists() and file.is_relative_to(ROOT)
        if known and anchor and file.suffix == ".md":
            known = anchor in anchors(file.read_text(encoding="utf-8"))
        if not known:
            yield target


def console_steps(block: Block) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the text shown below it."""
    command, shown = "", ""
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], ""
        elif command.endswith("\\"):
            command = command[:-1] + line.strip()
        else:
            shown += line + "\n"
    if command:
        yield command, shown


def agrees(shown: str, printed: str) -> bool:
    """True if the text shown is the text printed, `...` standing for anything and space not counting."""
    pieces = [re.escape(" ".join(piece.split())) for piece in shown.split("...")]
    return re.fullmatch(r"\s*.*?\s*".join(pieces).strip(), " ".join(printed.split()), re.S) is not None


def run_console(block: Block, folder: Path) -> None:
    """Run the lines `$ detente ...` of a console block in a folder."""
    for command, shown in console_steps(block):
        words = shlex.split(command)
        if words[0] != "detente":
            continue
        done = subprocess.run(
            [str(DETENTE), *words[1:]], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True,
            env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "PYTHONUTF8": "1"},
            text=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"$ {command}\nexit {done.returncode}\n{done.stderr}"
        assert not shown.strip() or agrees(shown, done.stdout), f"$ {command}\nprints\n{done.stdout}"


def run_page(path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run every runnable block of a page in order; returns how many there were."""
    monkeypatch.chdir(folder)
    module, ran = ModuleType("page"), 0
    for block in split(path.read_text(encoding="utf-8"))[0]:
        if "no-run" in block.words:
            continue
        if block.language == "python":
            code = compile("\n" * (block.line - 1) + block.text, str(path), "exec")
            exec(code, module.__dict__)  # noqa: S102 - the page is ours, and running it is the test
            ran += 1
        elif block.language == "console":
            run_console(block, folder)
            ran += 1
    return ran


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_relative_links_resolve(path: Path) -> None:
    assert list(broken_links(path, path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_examples_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_page(path, tmp_path, monkeypatch)


def test_every_page_can_be_reached_from_the_index() -> None:
    start = ROOT / "docs" / "index.md"
    reached, waiting = {start}, [start]
    while waiting:
        page = waiting.pop()
        for match in LINK.finditer(split(page.read_text(encoding="utf-8"))[1]):
            file = (page.parent / (match["target"] or match["named"]).partition("#")[0]).resolve()
            if file.suffix == ".md" and file.is_file() and file not in reached:
                reached.add(file)
                waiting.append(file)
    lost = [name(path) for path in (ROOT / "docs").rglob("*.md") if path not in reached]
    assert lost == [], "no page leads there from docs/index.md"


def test_generated_pages_are_up_to_date() -> None:
    generator = runpy.run_path(str(ROOT / "docs" / "reference" / "generate.py"))
    assert generator["stale"]() == [], "run: just docs"


def test_the_checker_sees_a_broken_link() -> None:
    page = ROOT / "README.md"
    text = "[gone](missing.md) [up](../outside.md) [anchor](docs/index.md#no-such-place) [out](https://example.org)"
    assert list(broken_links(page, text)) == ["missing.md", "../outside.md", "docs/index.md#no-such-place"]
    assert list(broken_links(page, "`[x](y.md)`\n\n```text\n[z](z.md)\n```\n[good](docs/index.md)\n")) == []


def test_the_checker_sees_a_false_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("```python\nx = 1\n```\n\n```python\nassert x == 2\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError):
        run_page(page, tmp_path, monkeypatch)
    page.write_text("```console\n$ detente no-such-command\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="exit 2"):
        run_page(page, tmp_path, monkeypatch)
    page.write_text("```console\n$ detente --version\nsomething else\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="prints"):
        run_page(page, tmp_path, monkeypatch)
    page.write_text("```python no-run\nassert False\n```\n", encoding="utf-8")
    assert run_page(page, tmp_path, monkeypatch) == 0


def test_shown_output_is_compared_but_for_what_is_left_out() -> None:
    assert agrees("a  b\n...\nz\n", "a b\nc\nd\nz\n")
    assert not agrees("a\n...\nz\n", "a\nc\n")
    assert not agrees("a\n", "a\nb\n")
