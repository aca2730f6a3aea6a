"""When an article was published, as each format writes it."""

from review_app.export.model import ExportedArticle

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parts(article: ExportedArticle) -> list[int]:
    """Year, month, day as far as they are known; a month without a year is no date."""
    known: list[int] = []
    for part in (article.year, article.month, article.day):
        if part is None:
            break
        known.append(part)
    return known


def in_words(article: ExportedArticle) -> str:
    """`2024 May 3` as MEDLINE prints it, or the words that the source gave instead."""
    if article.medline_date:
        return article.medline_date
    known = parts(article)
    return " ".join([*map(str, known[:1]), *(MONTHS[month - 1] for month in known[1:2]), *map(str, known[2:])])


def with_slashes(article: ExportedArticle) -> str:
    """`2024/05/03/` as RIS has it, with the words of the source as its last part."""
    known = parts(article)
    if not known:
        return f"///{article.medline_date}" if article.medline_date else ""
    shown = [str(known[0]), *(f"{part:02}" for part in known[1:]), "", ""][:3]
    return "/".join([*shown, article.medline_date or ""])
