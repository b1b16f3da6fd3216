"""One folder for any static host: index.html, a page and a badge for each package, nothing that is
loaded from elsewhere."""

import os
from html import escape

import figures
import markdown

DOCS = os.environ.get("EXPORTGATE_DOCS", "")  # the address of docs/ where it is served
STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
th, td { border: 1px solid #d0d4d9; padding: .25rem .6rem; text-align: left; vertical-align: top; }
th { background: #f3f5f7; }
.right { background: #e3f4e6; } .fails { background: #fdf3d8; } .rejected { background: #fbe3e1; }
code { font-size: 13px; overflow-wrap: anywhere; }
tr:target td { outline: 2px solid #2f6fde; }
"""
GOOD, PARTLY, BAD = "#2e7d4f", "#b7791f", "#b3392f"


def document(title, body):
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>\n{STYLE}</style></head>\n<body>\n"
        f"<h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def table(heads, rows):
    """`rows`: (id or "", cells that are HTML already, each with its class or "")."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    lines = [f"<table><thead><tr>{head}</tr></thead><tbody>"]
    for anchor, cells in rows:
        place = f' id="{escape(anchor)}"' if anchor else ""
        data = "".join(
            f'<td class="{kind}">{text}</td>' if kind else f"<td>{text}</td>"
            for text, kind in cells
        )
        lines.append(f"<tr{place}>{data}</tr>")
    return "\n".join([*lines, "</tbody></table>"])


def kind_of(count):
    if not count.all:
        return ""
    return "right" if count.good == count.all else "fails" if count.good else "rejected"


def kind_of_words(words):
    if not words:
        return ""
    return "right" if words == "right" else "fails" if words.startswith("exports") else "rejected"


def badge(package):
    """An SVG with the count of the newest record, as the pages of packages show them."""
    column = package.columns[-1]
    count = figures.counts(column)["all right"]
    left, right = f"torch.export {column.torch}", f"{count} right"
    widths = [7 * len(text) + 12 for text in (left, right)]
    colour = GOOD if count.good == count.all else PARTLY if count.good else BAD
    total = sum(widths)
    title = f"{package.name} {column.version}: {left}, {right}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="20" role="img" '
        f'aria-label="{escape(title)}">\n<title>{escape(title)}</title>\n'
        f'<rect width="{widths[0]}" height="20" fill="#4a4f57"/>\n'
        f'<rect x="{widths[0]}" width="{widths[1]}" height="20" fill="{colour}"/>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">\n'
        f'<text x="6" y="14">{escape(left)}</text>\n'
        f'<text x="{widths[0] + 6}" y="14">{escape(right)}</text>\n</g>\n</svg>\n'
    )


def file_name(package):
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in package.name.lower())


def index(packages):
    releases = markdown.torches(packages)
    rows = []
    for package in packages.values():
        name = file_name(package)
        cells = [(f'<a href="packages/{name}.html">{escape(package.name)}</a>', "")]
        cells.append((f'<img src="badges/{name}.svg" alt="">', ""))
        for torch in releases:
            column = markdown.newest(package, torch)
            count = figures.counts(column)["all right"] if column else None
            cells.append((str(count or ""), kind_of(count) if count else ""))
        rows.append((name, cells))
    intro = (
        "<p>Cells of which everything is right, by package and torch release: a class, exported "
        "in one way. Each name leads to its cells.</p>\n"
    )
    heads = ["package", "badge", *releases]
    return document("Which cache classes export today", intro + table(heads, rows))


def change_list(package):
    lines = []
    for change in figures.changes(package):
        before, after = (markdown.heading(package, one) for one in (change.before, change.after))
        worse = "".join(
            f"<li><code>{escape(figures.described(cells))}</code></li>"
            for cells in markdown.grouped(change.broken)
        )
        lines.append(
            f"<li>{escape(before)} &rarr; {escape(after)}: {len(change.broken)} of "
            f"{change.compared} cells got worse, {len(change.improved)} better"
            f"{f'<ul>{worse}</ul>' if worse else ''}</li>"
        )
    return f"<h2>From release to release</h2>\n<ul>{''.join(lines)}</ul>\n" if lines else ""


def page_of(package):
    heads = [markdown.heading(package, column) for column in package.columns]
    counted = [figures.counts(column) for column in package.columns]
    count_rows = [
        ("", [(name, ""), *((str(one[name]), kind_of(one[name])) for one in counted)])
        for name in counted[0]
        if any(one[name].all for one in counted)
    ]
    cell_rows = []
    for cells, words in figures.rows(package):
        others = "".join(f'<a id="{escape(cell)}"></a>' for cell in cells[1:])
        words_of_cells = f"<code>{escape(figures.described(cells))}</code>"
        label = f'{others}<a href="#{escape(cells[0])}">{words_of_cells}</a>'
        cell_rows.append(
            (cells[0], [(label, ""), *((escape(text), kind_of_words(text)) for text in words)])
        )
    cause_rows = []
    for cause, numbers in figures.causes(package).items():
        address = f"{DOCS.rstrip('/')}/rejected.md#{cause}"
        link = f'<a href="{escape(address)}">{escape(cause)}</a>' if DOCS else escape(cause)
        cause_rows.append(
            (
                f"cause-{cause}" if cause else "",
                [
                    (link if cause else "not explained yet", ""),
                    *((str(n or ""), "") for n in numbers),
                ],
            )
        )
    body = '<p><a href="../index.html">All packages</a></p>\n' + table(["", *heads], count_rows)
    body += change_list(package) + "<h2>Cells</h2>\n" + table(["cells", *heads], cell_rows)
    about = "".join(
        f"<li><code>{escape(folder if len(summaries) == 1 else case)}</code>: {escape(text)}</li>"
        for folder, summaries in markdown.what_they_are(package).items()
        for text, case in summaries.items()
    )
    body += f"<ul>{about}</ul>\n" if about else ""
    if cause_rows:
        body += "<h2>Why, and how many cells</h2>\n" + table(["cause", *heads], cause_rows)
    return document(f"{package.name} {package.columns[-1].version}", body)


def files(packages):
    """Path -> text."""
    made = {"index.html": index(packages)}
    for package in packages.values():
        made[f"packages/{file_name(package)}.html"] = page_of(package)
        made[f"badges/{file_name(package)}.svg"] = badge(package)
    return made
