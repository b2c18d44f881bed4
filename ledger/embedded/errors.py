"""Why the private PostgreSQL refuses, each refusal with its values and one sentence."""

from dataclasses import dataclass
from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The private server cannot do what was asked."""


@dataclass(eq=False)
class ProgramsMissing(EmbeddedPostgresError):
    """There is no `initdb` and `pg_ctl` where they were looked for."""

    folder: str

    def __str__(self) -> str:
        return (
            f"no PostgreSQL programs in {self.folder}: run `make run` to set up, "
            "or set DATABASE_URL to a server of your own"
        )


@dataclass(eq=False)
class ProgramFailed(EmbeddedPostgresError):
    """One of PostgreSQL's programs ended with an error."""

    program: str
    account: str
    said: str

    def __str__(self) -> str:
        return f"{self.program}, run as {self.account}, failed: {self.said.strip()}"


@dataclass(eq=False)
class StartFailed(EmbeddedPostgresError):
    """The server stopped before it could answer."""

    log: Path
    said: str

    def __str__(self) -> str:
        return f"PostgreSQL did not start: {self.said.strip()} (more in {self.log})"


@dataclass(eq=False)
class NotOurFolder(EmbeddedPostgresError):
    """The data folder belongs to another user, as when root made it first."""

    home: Path
    owner_uid: int
    our_uid: int

    def __str__(self) -> str:
        return (
            f"{self.home} belongs to uid {self.owner_uid} and you are uid {self.our_uid}: "
            "use the user who made it, or set BILLING_DATA_DIR to a folder of your own"
        )


@dataclass(eq=False)
class SomethingElseThere(EmbeddedPostgresError):
    """The folder named for our data holds somebody's files."""

    home: Path

    def __str__(self) -> str:
        return f"{self.home} holds other files: set BILLING_DATA_DIR to an empty or a new folder"


@dataclass(eq=False)
class PasswordMissing(EmbeddedPostgresError):
    """The data is here, the password that opens it is not."""

    password_file: Path

    def __str__(self) -> str:
        return f"{self.password_file} is missing: put it back from your backup of the data folder"


@dataclass(eq=False)
class NotCreated(EmbeddedPostgresError):
    """Nothing was ever started in this folder, so there is no address to give."""

    home: Path

    def __str__(self) -> str:
        return f"no PostgreSQL was started in {self.home} yet"


@dataclass(eq=False)
class StillInUse(EmbeddedPostgresError):
    """Processes of an earlier server live on after it was killed, or a second container has it."""

    home: Path
    waited_seconds: float

    def __str__(self) -> str:
        return (
            f"another server still uses {self.home} after {self.waited_seconds:.0f} s, perhaps "
            "in another container: give each its own folder, or share one by DATABASE_URL"
        )


@dataclass(eq=False)
class ForeignServer(EmbeddedPostgresError):
    """Something else answers where our server should."""

    port: int
    data: Path
    found: str

    def __str__(self) -> str:
        return (
            f"what answers on port {self.port} is not the server of {self.data} "
            f"({self.found.strip()}); it was left alone"
        )


@dataclass(eq=False)
class NotDurable(EmbeddedPostgresError):
    """A durable server was asked for, and this one may lose what it acknowledged."""

    data: Path
    switched_off: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.data} would lose payments in a crash: {', '.join(self.switched_off)} is off"
