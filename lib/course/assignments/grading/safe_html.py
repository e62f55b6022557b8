"""HTML of a text that a student may have written, for a page that the instructor opens."""
import re

import bleach

TAGS = bleach.sanitizer.ALLOWED_TAGS | {
    "br", "del", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "p", "pre", "span", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
#: Where a link of a page may lead that is opened outside the course: a path such as
#: ../notebooks/glossary.md, or the explainer on this machine, is not there.
TARGETS = re.compile(r"#|https://|mailto:", re.IGNORECASE)


def is_kept(_tag: str, name: str, value: str) -> bool:
    """Whether an attribute of a link stays: a link that has lost its target is plain text."""
    return name in ("class", "id", "title") or name == "href" and bool(TARGETS.match(value))


#: What Markdown makes of a table without a heading: a row that a screen reader reads as empty cells.
EMPTY_HEAD = re.compile(r"<thead>\s*<tr>(?:\s*<th[^>]*>\s*</th>)*\s*</tr>\s*</thead>\s*")

ATTRIBUTES = {"*": ["class", "id"], "a": is_kept, "img": ["alt", "height", "src", "width"]}


def safe_html(html: str) -> str:
    """Without scripts, forms and redirections; the page's own policy keeps pictures from loading."""
    clean = bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols={"https", "mailto", "data"},
                         strip=True, strip_comments=True)  # fmt: skip
    return EMPTY_HEAD.sub("", clean)
