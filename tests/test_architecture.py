"""The laws of the house, read from the source: who may import whom, who may do what, and how large things grow."""

import ast
import re
import statistics
import tomllib
from collections.abc import Mapping
from pathlib import Path

from source import ROOT, SIBLINGS, dotted, functions, imported_from, imports, length, mentions, nodes, sources, tracked

PURE = ("review_app/tagging", "review_app/factcheck", "review_app/screening", "review_app/export")
NOT_PURE = {"streamlit", "sqlmodel", "sqlalchemy", "httpx", "db"}
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "manager.py", "util.py", "misc.py"}
# These would hide modules of Python from a script that Streamlit starts in this folder.
SHADOWS = {"types.py", "http.py", "queue.py", "secrets.py", "statistics.py", "html.py", "select.py"}
ASKS_FOR_THE_DIALECT = re.compile(r"db/(engine|search\w*|migrate|transfer|backup)\.py|db/migrations/.*")
PASSED_ON = {"sqlalchemy.Engine", "sqlmodel.Session"}  # a component hands them to a service
UPSERT = "harvester/article_tables.py"
SLEEPS = {"harvester/transport.py", "harvester/pace.py"}
KNOWS_PUBMED_XML = re.compile(r"harvester/(pubmed_xml|xml_\w+)\.py")
PUBMED_TAGS = {
    *("PubmedArticle", "PubmedArticleSet", "MedlineCitation", "PubmedData", "ArticleIdList", "CommentsCorrections"),
    *(
        "CommentsCorrectionsList",
        "PubmedBookArticle",
        "MeshHeadingList",
        "AbstractText",
        "ELocationID",
        "DescriptorName",
    ),
    *(
        "QualifierName",
        "PublicationTypeList",
        "MedlineTA",
        "ISOAbbreviation",
        "ForeName",
        "CollectiveName",
        "PubStatus",
    ),
}
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "dt.now"}
# Words of somebody's machine, put together here so that this file does not hold them.
MACHINE = re.compile("|".join(["/" + "home/[a-z]", "/" + "Users/", "/" + "work/", "/" + "root/", "C:" + r"\\\\Users"]))


def breaking(found: Mapping[str, object]) -> dict[str, object]:
    """What is left when every file that keeps the law is taken away."""
    return {name: what for name, what in found.items() if what}


def test_db_imports_no_sibling() -> None:
    others = SIBLINGS - {"db"}
    assert breaking({name: imported_from(name, others) for name in sources("db")}) == {}


def test_the_harvester_and_the_app_never_import_each_other() -> None:
    assert breaking({name: imported_from(name, {"review_app"}) for name in sources("harvester")}) == {}
    assert breaking({name: imported_from(name, {"harvester"}) for name in sources("review_app")}) == {}


def test_the_product_imports_no_test() -> None:
    assert breaking({name: imported_from(name, {"tests", "pytest", "eutils_server"}) for name in sources()}) == {}


def test_pure_packages_import_nothing_that_is_not() -> None:
    assert breaking({name: imported_from(name, NOT_PURE) for name in sources(*PURE)}) == {}


def test_pure_packages_import_only_pure_packages_of_the_app() -> None:
    pure = tuple(folder.replace("/", ".") for folder in PURE)

    def others(name: str) -> list[str]:
        return [each for each in imported_from(name, {"review_app"}) if not each.startswith(pure)]

    assert breaking({name: others(name) for name in sources(*PURE)}) == {}


def test_services_and_the_store_know_no_streamlit() -> None:
    assert breaking({name: imported_from(name, {"streamlit"}) for name in sources("review_app/services", "db")}) == {}


def test_services_know_nothing_that_draws() -> None:
    allowed = (*(folder.replace("/", ".") for folder in PURE), "review_app.services")

    def others(name: str) -> list[str]:
        return [each for each in imported_from(name, {"review_app"}) if not each.startswith(allowed)]

    assert breaking({name: others(name) for name in sources("review_app/services")}) == {}


def test_pages_have_no_functions_no_sql_and_no_models() -> None:
    for name in sources("review_app/pages"):
        assert [node.name for node in functions(name)] == [], name
        assert imported_from(name, {"sqlalchemy", "sqlmodel"}) == [], name
        assert [each for each in imports(name) if each.startswith("db.models")] == [], name


def test_components_have_no_sql() -> None:
    found = {name: imported_from(name, {"sqlalchemy", "sqlmodel"}) for name in sources("review_app/components")}
    assert breaking({name: [each for each in what if each not in PASSED_ON] for name, what in found.items()}) == {}


def test_queries_never_commit() -> None:
    def commits(name: str) -> list[str]:
        return sorted(each for each in mentions(name) if each.endswith((".commit", ".rollback")))

    assert breaking({name: commits(name) for name in sources("db/queries")}) == {}


def test_few_files_ask_for_the_dialect() -> None:
    def asks(name: str) -> list[str]:
        words = {part for each in mentions(name) for part in each.split(".")} | set(imports(name))
        return sorted(word for word in words if word in {"dialect", "is_sqlite"} or "sqlalchemy.dialects" in word)

    found = {name: asks(name) for name in sources() if name != UPSERT and not ASKS_FOR_THE_DIALECT.fullmatch(name)}
    assert breaking(found) == {}


def test_only_the_settings_read_the_environment() -> None:
    def reads(name: str) -> list[str]:
        return sorted(mentions(name) & {"os.environ", "os.environb", "os.getenv", "environ", "getenv"})

    assert breaking({name: reads(name) for name in sources() if name != "db/config.py"}) == {}


def test_only_the_settings_read_the_clock() -> None:
    def reads(name: str) -> list[str]:
        return sorted(
            each for each in mentions(name) if each in CLOCKS or each.endswith(tuple(f".{c}" for c in CLOCKS))
        )

    assert breaking({name: reads(name) for name in sources() if name != "db/config.py"}) == {}


def test_only_the_transport_sleeps() -> None:
    def sleeps(name: str) -> list[str]:
        return sorted(each for each in mentions(name) | set(imports(name)) if each.split(".")[-1] == "sleep")

    assert breaking({name: sleeps(name) for name in sources() if name not in SLEEPS}) == {}


def test_only_the_parser_knows_a_pubmed_xml_tag() -> None:
    def tags(name: str) -> list[str]:
        """Tags and paths of tags; a sentence to a person may name the format."""
        constants = (node.value for node in nodes(name) if isinstance(node, ast.Constant))
        words = (each.decode("latin-1") if isinstance(each, bytes) else each for each in constants)
        paths = [word for word in words if isinstance(word, str) and not re.search(r"\s", word)]
        return sorted({part for path in paths for part in re.findall(r"\w+", path)} & PUBMED_TAGS)

    assert breaking({name: tags(name) for name in sources() if not KNOWS_PUBMED_XML.fullmatch(name)}) == {}


def test_files_stay_small() -> None:
    python = [name for name in tracked() if name.endswith(".py") and "/migrations/versions/" not in name]
    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in python}
    assert {name: number for name, number in lines.items() if number >= 300} == {}


def test_functions_stay_small() -> None:
    product = [name for name in sources() if "/migrations/versions/" not in name]
    lengths = {f"{name}:{node.name}": length(node) for name in product for node in functions(name)}
    assert {name: number for name, number in lengths.items() if number >= 60} == {}
    assert statistics.median(lengths.values()) <= 12


def test_a_file_is_named_after_the_thing_in_it() -> None:
    assert [name for name in tracked() if Path(name).name in FORBIDDEN_NAMES] == []
    assert [name for name in tracked() if Path(name).parent == Path("review_app") and Path(name).name in SHADOWS] == []


def test_no_test_folder_is_a_package() -> None:
    assert [name for name in tracked() if name.startswith("tests/") and name.endswith("__init__.py")] == []


def test_every_function_says_what_it_returns() -> None:
    product = [name for name in sources() if "/migrations/" not in name]
    silent = [f"{name}:{node.name}" for name in product for node in functions(name) if node.returns is None]
    assert silent == []


def test_the_heavy_library_is_imported_where_it_is_used() -> None:
    allowed, heavy = {"review_app/screening/term_vectors.py"}, {"scipy", "sklearn"}
    assert breaking({name: imported_from(name, heavy) for name in sources() if name not in allowed}) == {}


def commits_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    return sum(dotted(call.func) == "session.commit" for call in calls)


def ends_with_commit(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Nothing is written after the commit; only the answer, or the start of a program, may follow."""
    last = max(
        each.lineno for each in ast.walk(node) if isinstance(each, ast.Call) and dotted(each.func) == "session.commit"
    )
    after = [each for each in ast.walk(node) if isinstance(each, ast.Call) and each.lineno > last]
    return not {dotted(call.func) for call in after} & {
        "session.add",
        "session.flush",
        "session.merge",
        "session.delete",
        "audit.record",
    }


def test_a_service_commits_once_and_last() -> None:
    # A failed sign-in is counted, and committed, before it is refused.
    twice = {"review_app/services/accounts.py:sign_in": 2}
    for name in sources("review_app/services"):
        for node in functions(name):
            number = commits_of(node)
            if number:
                assert number == twice.get(f"{name}:{node.name}", 1), f"{name}:{node.name} commits {number} times"
                assert ends_with_commit(node), f"{name}:{node.name} writes after its commit"


def test_only_public_services_commit() -> None:
    private = [
        f"{name}:{node.name}"
        for name in sources("review_app/services")
        for node in functions(name)
        if node.name.startswith("_") and commits_of(node)
    ]
    assert private == []


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    wanted = {
        re.split(r"[\[>=<~! ]", each)[0]
        for each in [*project["project"]["dependencies"], *(name for group in groups.values() for name in group)]
    }
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([\w.-]+)` \| .{10,} \|$", page, flags=re.MULTILINE))
    assert explained == wanted


def test_no_file_names_a_machine() -> None:
    texts = [name for name in tracked() if not name.endswith((".png", ".ico", ".woff2", ".gz"))]
    found = {name: MACHINE.search((ROOT / name).read_text(encoding="utf-8", errors="replace")) for name in texts}
    assert breaking({name: match and match[0] for name, match in found.items()}) == {}


def test_the_top_level_holds_what_the_design_says() -> None:
    allowed = {"db", "docs", "harvester", "review_app", "tests", "Makefile", "pyproject.toml", "README.md", "LICENSE"}
    allowed |= {"CHANGELOG.md", "requirements.lock", "requirements-dev.lock", "requirements-bench.lock"}
    top = {Path(name).parts[0] for name in tracked()}
    assert {name for name in top if not name.startswith(".")} <= allowed
