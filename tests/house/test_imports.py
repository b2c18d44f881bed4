"""Imports point one way, and each library stays in its place."""

from tests.house.sources import Source, sources

# Who may import whom; tests and benchmarks may import everything.
ARROWS = {
    "ledger": ("ledger",),
    "projections": ("projections", "ledger"),
    "web": ("web", "ledger", "projections.queries"),
    "replay": ("replay", "projections", "ledger"),
}
# A folder that may import more than its package: its pages show what the auditor's commands find.
FURTHER = {"web/audit/": ("replay",)}
PLACES = {
    "stripe": ("ledger/providers/stripe/", "web/sandbox/", "tests/"),
    "flask": (
        *("web/", "tests/web/", "tests/fuzz/", "tests/systems/"),
        "tests/ledger/providers/paypal_like/",  # a provider of the tests' own
        "benchmarks/",  # a bare endpoint
    ),
}
READS_ENVIRONMENT = (
    "ledger/settings/settings.py",
    "ledger/embedded/bootstrap.py",  # runs before there are settings
    "tests/conftest.py",
    "tests/corpus.py",
    "benchmarks/",  # hands it on to the processes it measures
    "tests/ledger/embedded/",
    "tests/support/ports.py",  # which of several test processes this is
)


def _is_within(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def _is_against_the_arrows(source: Source, name: str) -> bool:
    package, _, _ = source.path.partition("/")
    ours = _is_within(name, (*ARROWS, "tests", "benchmarks"))
    further = [names for folder, names in FURTHER.items() if source.path.startswith(folder)]
    allowed = (*ARROWS.get(package, ()), *(name for names in further for name in names))
    return package in ARROWS and ours and not _is_within(name, allowed)


def test_imports_follow_the_arrows() -> None:
    assert [
        f"{source.at(node)} imports {name}"
        for source in sources()
        for node, name in source.imports
        if _is_against_the_arrows(source, name)
    ] == []


def test_libraries_stay_in_their_places() -> None:
    assert [
        f"{source.at(node)} imports {name}"
        for source in sources()
        for node, name in source.imports
        for library, places in PLACES.items()
        if _is_within(name, (library,)) and not source.path.startswith(places)
    ] == []


def test_the_environment_is_read_in_the_settings_only() -> None:
    assert [
        f"{source.path} uses {word}"
        for source in sources()
        if not source.path.startswith((*READS_ENVIRONMENT, "tests/house/"))
        for word in ("os.environ", "os.getenv", "import environ", "import getenv")
        if word in source.text
    ] == []


def test_imports_name_the_whole_path() -> None:
    assert [
        f"{source.at(node)} is relative"
        for source in sources()
        for node in source.nodes
        if getattr(node, "level", 0)
    ] == []
