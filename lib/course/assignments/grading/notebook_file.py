"""Reads the cells of a notebook file, also of one that breaks off or is damaged."""
import dataclasses
import json
import pathlib

#: The largest file that is read, in bytes: outputs of a day fit in it.
FILE_BYTES = 256 * 1024 * 1024
#: The most cells that are read.
CELLS = 2000


@dataclasses.dataclass(frozen=True)
class NotebookFile:
    cells: list[dict]
    #: What is wrong with the file, in words that follow "the file"; empty if nothing is. Then cells may
    #: be lost.
    damage: str = ""


def read_notebook(path: pathlib.Path) -> NotebookFile:
    """The cells up to the first damage."""
    if path.stat().st_size > FILE_BYTES:
        return NotebookFile([], f"is larger than {FILE_BYTES >> 20} MiB")
    # A machine that loses power may leave zeros at the end of a file.
    text = path.read_bytes().decode("utf8", "replace").lstrip("\ufeff").rstrip(" \t\r\n\0")
    if not text:
        return NotebookFile([], "is empty")
    try:
        notebook = json.loads(text)
    except RecursionError:
        return NotebookFile(whole_cells(text), "nests too deeply")
    except ValueError as error:
        return NotebookFile(whole_cells(text), damage_of(text, error))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if isinstance(cells, list):
        return NotebookFile([cell for cell in cells if isinstance(cell, dict)][:CELLS])
    cells = whole_cells(text)  # such as in the answer of a Jupyter server
    return NotebookFile(cells, "" if cells else "is no notebook")


def damage_of(text: str, error: ValueError) -> str:
    if not text.startswith("{"):
        return "is no notebook"
    if not isinstance(error, json.JSONDecodeError):
        return "is damaged"
    # A text that ends within a string is reported where the string begins, one that ends within an
    # escape such as \u00e9 where that begins.
    if error.msg.startswith("Unterminated string") or error.pos >= len(text) - 6:
        return "breaks off"
    return f"is damaged in line {error.lineno}"


def whole_cells(text: str) -> list[dict]:
    """The cells of a damaged text that are whole."""
    decoder, cells = json.JSONDecoder(), []
    at = text.find('"cells"')
    at = text.find("[", at) + 1 if at >= 0 else 0
    while at > 0 and len(cells) < CELLS:
        at = text.find("{", at)
        if at < 0:
            break
        try:
            cell, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        if isinstance(cell, dict) and "source" in cell:
            cells.append(cell)
    return cells
