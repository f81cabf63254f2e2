"""Where each key and value of a TOML text stands, and which keys stand there twice.

A path is a tuple of keys and of positions in arrays, counted from 0: ("claims", 1, "said", 0).
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Path = tuple[str | int, ...]

_LANGUAGE = Language(tree_sitter_toml.language())
_TABLES = {"table", "table_array_element"}
_KEYS = {"bare_key", "quoted_key", "dotted_key"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column, both from 1, of a key and of its value."""

    key: tuple[int, int]
    value: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Twice:
    """A key or table that is given a second time, and the bytes that the second one fills."""

    path: Path
    first: tuple[int, int]
    second: tuple[int, int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spots:
    """The spots of one text."""

    by_path: dict[Path, Spot] = field(default_factory=dict)
    twice: list[Twice] = field(default_factory=list)

    def of(self, path: Path) -> Spot:
        """The spot of a path, or of the nearest one above it that stands in the text."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.by_path:
                return self.by_path[path[:length]]
        return Spot((1, 1), (1, 1))

    def below(self, path: Path) -> tuple[str, ...]:
        """The keys that stand directly below a path, in their order."""
        return tuple(
            str(found[-1]) for found in self.by_path if len(found) == len(path) + 1 and found[:-1] == path
        )


class _Walk:
    """One pass over a text's syntax tree, from top to bottom."""

    def __init__(self, text: str) -> None:
        content = text.encode()
        self.spots = Spots()
        self._lines = content.split(b"\n")
        self._lengths: dict[Path, int] = {}
        self._explicit: set[Path] = set()
        self._root(Parser(_LANGUAGE).parse(content).root_node)

    def _root(self, root: Node) -> None:
        for node in root.children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in _TABLES:
                self._table(node)

    def _table(self, node: Node) -> None:
        header = next((child for child in node.children if child.type in _KEYS), None)
        if header is None:
            return
        path = self._header(node, header)
        if path is None:
            return
        for child in node.children:
            if child.type == "pair":
                self._pair(child, path)

    def _header(self, node: Node, header: Node) -> Path | None:
        """The path of a table's header, with the last element where it passes an array of tables.

        None where the table was given before.
        """
        path: Path = ()
        parts = _key_parts(header)
        for number, part in enumerate(parts):
            path = (*path, _key_text(part))
            last = number == len(parts) - 1
            if last and node.type == "table_array_element":
                self._lengths[path] = self._lengths.get(path, 0) + 1
            elif last and self._is_second(path, node, part):
                return None
            self.spots.by_path.setdefault(path, Spot(self._at(part), self._at(part)))
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
                self.spots.by_path.setdefault(path, Spot(self._at(part), self._at(part)))
        return path

    def _pair(self, node: Node, above: Path) -> None:
        key = next((child for child in node.children if child.type in _KEYS), None)
        if key is None:
            return
        value = node.children[-1]
        path = above
        parts = _key_parts(key)
        for part in parts[:-1]:
            path = (*path, _key_text(part))
            self.spots.by_path.setdefault(path, Spot(self._at(part), self._at(part)))
        path = (*path, _key_text(parts[-1]))
        if not self._is_second(path, node, parts[-1]):
            self.spots.by_path[path] = Spot(self._at(parts[-1]), self._at(value))
            self._value(value, path)

    def _value(self, node: Node, path: Path) -> None:
        if node.type == "inline_table":
            for child in node.children:
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array":
            elements = [child for child in node.children if child.is_named and child.type != "comment"]
            for number, child in enumerate(elements):
                self.spots.by_path[*path, number] = Spot(self._at(child), self._at(child))
                self._value(child, (*path, number))

    def _is_second(self, path: Path, node: Node, key: Node) -> bool:
        """Whether this key or table was given before; notes it where it was."""
        if path not in self._explicit:
            self._explicit.add(path)
            return False
        first = self.spots.by_path[path].key
        self.spots.twice.append(Twice(path, first, self._at(key), node.start_byte, node.end_byte))
        return True

    def _at(self, node: Node) -> tuple[int, int]:
        row, byte = node.start_point
        return row + 1, len(self._lines[row][:byte].decode(errors="replace")) + 1


def spots_of(text: str) -> Spots:
    """The spots of a text, right or wrong; RecursionError where it is nested beyond all sense."""
    return _Walk(text if text.endswith("\n") else text + "\n").spots


def _key_parts(node: Node) -> list[Node]:
    if node.type != "dotted_key":
        return [node]
    return list(_flat(node))


def _flat(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type == "dotted_key":
            yield from _flat(child)
        elif child.type in _KEYS:
            yield child


def _key_text(node: Node) -> str:
    written = (node.text or b"").decode()
    if node.type == "bare_key":
        return written
    try:
        return next(iter(tomllib.loads(f"{written} = 0")))
    except (tomllib.TOMLDecodeError, StopIteration):
        return written
