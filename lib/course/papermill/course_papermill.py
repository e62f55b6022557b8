"""papermill's translator for the course's notebooks: values become TypeScript assignments.

The set-up registers this file in .venv under papermill's entry point "papermill.engine", which
papermill loads when it is imported. papermill has no entry point for translators, so the import
registers the translator, and the engine is papermill's own under another name.
"""
import json
import pathlib
import subprocess
import sys

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

KERNEL = "tslab"
ROOT = pathlib.Path(__file__).resolve().parents[3]


class CourseEngine(NBClientEngine):
    """papermill's own engine."""


class TypeScriptTranslator(Translator):
    """Assigns to the object `p` of the parameters cell, which checks each value."""

    @classmethod
    def translate(cls, val):
        # JSON is TypeScript; papermill's own escapes are not JavaScript's outside of Unicode's
        # first plane. Python writes NaN and Infinity as JavaScript does.
        return json.dumps(val, ensure_ascii=False, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def assign(cls, name, str_val):
        target = f"p.{name}" if name.isidentifier() else f"p[{json.dumps(name)}]"
        return f"{target} = {str_val};"

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        # The last line shows all values, so that the saved copy records them.
        return f"{super().codify(parameters, comment)}p;\n"

    @classmethod
    def inspect(cls, parameters_cell):
        listed = subprocess.run(
            [_node(), "--import", "tsx", "lib/course/papermill/inspect.ts"],
            cwd=ROOT,
            input=parameters_cell.source,
            capture_output=True,
            encoding="utf8",
            check=False,
        )
        if listed.returncode != 0:
            print(listed.stderr.strip(), file=sys.stderr)
            return []
        return [Parameter(**each) for each in json.loads(listed.stdout)]


def _node():
    """The Node that the kernel runs in."""
    spec = pathlib.Path(sys.prefix, "share", "jupyter", "kernels", KERNEL, "kernel.json")
    return json.loads(spec.read_text(encoding="utf8"))["argv"][0]


for _language in (KERNEL, "typescript"):
    papermill_translators.register(_language, TypeScriptTranslator)
