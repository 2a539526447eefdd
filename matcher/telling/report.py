"""A comparison as one HTML page: numbers, pictures, who differs. Nothing from outside."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape

from matcher.files.problem import CountyCode
from matcher.telling.compare import Comparison, Difference
from matcher.telling.comparing_text import COMPARING, ComparingTexts, hundredths
from matcher.telling.names import Names
from matcher.telling.picture import Picture
from matcher.telling.plots import charts, letters_of
from matcher.telling.reporting_text import REPORTING
from matcher.telling.text import TEXTS, Language
from matcher.telling.today import counties_of_today

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
body{margin:0 auto;max-width:64rem;padding:1rem;color:#17212b;line-height:1.6;
font-family:"Noto Sans CJK TC","Noto Sans TC","PingFang TC","Microsoft JhengHei",sans-serif}
.wide{overflow-x:auto}table{border-collapse:collapse;margin:0 0 1rem}
th,td{border:1px solid #cfd8e0;padding:.3rem .6rem;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}thead th{background:#e6eef4}
figure{margin:0 0 1.5rem}figure .wide img{max-width:none}
figcaption,.soft{color:#52606d;font-size:.875rem}.code{font-family:monospace;overflow-wrap:anywhere}
"""


def page(comparison: Comparison, names: Names, lang: Language) -> str:
    """The whole page as text."""
    texts = REPORTING[lang]
    title = f"{texts.title} {comparison.season} {texts.stage(comparison.stage)}"
    return "".join(
        (
            f'<!doctype html>\n<html lang="{texts.tag}">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            '<meta name="viewport" content="width=device-width">\n',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            f"<h1>{escape(title)}</h1>\n",
            f'<p class="soft">{escape(texts.rules(comparison.rules))}</p>\n',
            *_numbers(comparison, lang),
            *_counties(comparison, names, lang),
            *(_figure(each, texts.in_words) for each in charts(comparison, names, lang)),
            *_differences(comparison, names, lang),
            "</main>\n</body>\n</html>\n",
        )
    )


def _numbers(comparison: Comparison, lang: Language) -> Iterator[str]:
    texts, said = REPORTING[lang], COMPARING[lang]
    phases = comparison.phases
    head = [
        *("", texts.placement, texts.total),
        *(TEXTS[lang].phase(phase) for phase in phases),
        *(texts.mean, texts.median, texts.largest, texts.envious, texts.pairs, texts.wanted_empty),
    ]
    rows = []
    for letter, account in zip(letters_of(comparison), comparison.accounts, strict=True):
        other = "" if account.same_problem else f" {said.other_problem()}"
        complaints = account.complaints
        rows.append(
            [
                letter,
                f"{account.label}{other}",
                str(account.total),
                *(str(account.moved.get(phase, 0)) for phase in phases),
                hundredths(account.mean_rank),
                hundredths(account.median_rank),
                str(max((people for _, people in account.sizes), default=0)),
                str(complaints.teachers),
                str(complaints.pairs),
                str(complaints.wanted_empty),
            ]
        )
    yield _table(head, rows, words=2)
    yield f'<p class="soft">{escape(texts.complaints_hint)}</p>\n'
    for letter, account in zip(letters_of(comparison), comparison.accounts, strict=True):
        yield f'<p class="soft code">{letter} {escape(account.placement)}</p>\n'


def _counties(comparison: Comparison, names: Names, lang: Language) -> Iterator[str]:
    texts = REPORTING[lang]
    balances = [counties_of_today(account, names) for account in comparison.accounts]
    met = frozenset().union(*balances)
    listed = (CountyCode(county.code) for county in names.counties)
    codes = [code for code in listed if code in met]
    head = [texts.county]
    for letter in letters_of(comparison):
        head += [f"{letter} {texts.left}", f"{letter} {texts.entered}", f"{letter} {texts.net}"]
    rows = []
    for code in codes:
        row = [names.county(code, lang)]
        for balance in balances:
            each = balance.get(code)
            left, entered = (0, 0) if each is None else (each.left, each.entered)
            row += [str(left), str(entered), f"{entered - left:+}"]
        rows.append(row)
    if rows:
        yield f"<h2>{escape(texts.counties)}</h2>\n"
        yield _table(head, rows, words=1)


def _figure(picture: Picture, in_words: str) -> str:
    data = b64encode(picture.svg.encode()).decode()
    return (
        f'<figure><div class="wide"><img alt="{escape(picture.title)}" '
        f'src="data:image/svg+xml;base64,{data}"></div>\n'
        f"<figcaption><details><summary>{escape(in_words)}</summary>"
        f"{escape(picture.description)}</details></figcaption></figure>\n"
    )


def _differences(comparison: Comparison, names: Names, lang: Language) -> Iterator[str]:
    if len(comparison.accounts) == 1:
        return
    texts, said = REPORTING[lang], COMPARING[lang]
    yield f"<h2>{escape(texts.differences)}</h2>\n<p>{escape(said.differing(comparison))}</p>\n"
    if comparison.differences:
        rows = [[d.teacher, *_cells(d, names, said)] for d in comparison.differences]
        yield _table([texts.teacher, *letters_of(comparison)], rows, words=len(rows[0]))


def _cells(difference: Difference, names: Names, said: ComparingTexts) -> Iterator[str]:
    for got, why in zip(difference.got, difference.why, strict=True):
        told = said.got(got, names)
        yield told if why is None else f"{told}; {said.why(why)}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]], *, words: int) -> str:
    """A table; the first ``words`` columns hold words, the others numbers."""
    parts = ['<div class="wide"><table>\n<thead><tr>']
    parts += [f'<th scope="col">{escape(each)}</th>' for each in head]
    parts.append("</tr></thead>\n<tbody>\n")
    for row in rows:
        first, *others = row
        parts.append(f'<tr><th scope="row">{escape(first)}</th>')
        parts += [
            f"<td>{escape(each)}</td>" if place < words else f'<td class="n">{escape(each)}</td>'
            for place, each in enumerate(others, start=1)
        ]
        parts.append("</tr>\n")
    return "".join([*parts, "</tbody></table></div>\n"])
