"""HTML of a text that a student may have written, for a page that the instructor opens."""
import bleach

TAGS = bleach.sanitizer.ALLOWED_TAGS | {
    "br", "del", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "p", "pre", "span", "sub",
    "sup", "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
ATTRIBUTES = {"*": ["class", "id"], "a": ["href", "title"], "img": ["alt", "height", "src", "width"]}


def safe_html(html: str) -> str:
    """Without scripts, forms and redirections; the page's own policy keeps pictures from loading."""
    return bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols={"http", "https", "mailto", "data"},
                        strip=True, strip_comments=True)  # fmt: skip
