"""What is believed of a message of a student's kernel: the name of an error from a short list, and the
text of an observation. The kernel may send anything in their place."""

#: What a display may carry for the grader.
OBSERVATION = "application/vnd.course.observation+json"

#: Errors whose names are told.
ERRORS = ("TypeScriptError", "SyntaxError", "TypeError", "ReferenceError", "RangeError", "Error")
#: What is told in place of a name where a file is missing or may not be used.
NO_FILE = "an error: it wants a file that is not there while it is graded"
#: How Node's messages of such an error begin.
FILE_CODES = ("ENOENT:", "EACCES:", "EPERM:", "EROFS:", "ENOTDIR:", "EISDIR:")


def error_name(reply: dict) -> str:
    name, text = reply.get("ename"), reply.get("evalue")
    if isinstance(text, str) and text.startswith(FILE_CODES):
        return NO_FILE
    return name if name in ERRORS else ""


def observation_in(content: dict, nonce: str) -> str | None:
    """The text of an observation with this nonce."""
    data = content.get("data")
    found = data.get(OBSERVATION) if isinstance(data, dict) else None
    if not isinstance(found, dict) or found.get("nonce") != nonce:
        return None
    text = found.get("text")
    return text if isinstance(text, str) else None
