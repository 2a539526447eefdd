"""What happens at a school's counter: each act of a person as the entry a kiosk writes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.interop import papers
from tests.interop.enrolment import Granted
from tests.interop.log import Entry, Log
from tests.interop.papers import Person
from tests.interop.ttc import Key, read, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """The school's personnel officer with the own key."""

    key: Key
    granted: Granted

    @property
    def id(self) -> bytes:
        """As entries name an officer."""
        return self.granted.said["id"]

    @property
    def who(self) -> dict:
        """As who acted."""
        return {"role": "officer", "id": self.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One log, the season whose secret the machine holds, and where salts come from."""

    log: Log
    season: str
    secret: bytes
    random: Callable[[int], bytes]

    def open_season(self) -> Entry:
        """The machine, while D lies ahead."""
        return self.log.add("season.open", {"season": self.season})

    def close_season(self) -> Entry:
        """The machine, at D by its own estimate."""
        return self.log.add("season.close", {"season": self.season})

    def register(self, officer: Officer, person: Person) -> Entry:
        """在職登錄."""
        body = {"teacher": person.pseudonym(self.secret)}
        return self.log.add(
            "teacher.register", body, officer.who, papers.roster(person, self.random)
        )

    def see(self, officer: Officer, person: Person, card: str) -> Entry:
        """The first use: the officer confirms face and card."""
        teacher = person.pseudonym(self.secret)
        body = {
            "teacher": teacher,
            "card": papers.card_hash(
                self.secret, card, papers.card_name(person), person.national_id, "2020-01-01"
            ),
            "witness": officer.id,
            "citizen": False,
        }
        return self.log.add("teacher.present", body, self.teacher(person))

    def submit(
        self, person: Person, schools: list[str], *earlier: Entry, version: int = 1
    ) -> Entry:
        """A version of the application, after versions made here."""
        return self.follow(person, schools, *(each.hash for each in earlier), version=version)

    def follow(self, person: Person, schools: list[str], *heads: bytes, version: int) -> Entry:
        """A version of the application, after every head that was known."""
        claim = papers.claim(person, self.season, self.random)
        return self._version("app.revise", claim, person, schools, heads, version)

    def rewish(self, person: Person, schools: list[str], earlier: Entry, version: int) -> Entry:
        """Other wishes; the claim goes on byte for byte, and with it what was reviewed."""
        claim = read(earlier.payload)["claim"]
        return self._version("app.revise", claim, person, schools, [earlier.hash], version)

    def resolve(self, person: Person, schools: list[str], *heads: bytes, version: int) -> Entry:
        """Her word in a conflict: a version that names every head."""
        claim = papers.claim(person, self.season, self.random)
        return self._version("app.resolve", claim, person, schools, heads, version)

    def _version(  # noqa: PLR0913, PLR0917 - the parts of a version
        self,
        kind: str,
        claim: bytes,
        person: Person,
        schools: list[str],
        heads: Sequence[bytes],
        version: int,
    ) -> Entry:
        wished = papers.wishes(("34", "35"), schools, self.random)
        body = {
            "app": person.application(self.secret, self.season),
            "version": version,
            "parents": sorted(heads),
            "claim": papers.part_hash(claim),
            "wishes": papers.part_hash(wished),
        }
        payload = papers.application(claim, wished, self.random)
        return self.log.add(kind, body, self.teacher(person), payload)

    def withdraw(self, person: Person, *earlier: Entry, version: int = 2) -> Entry:
        """She takes it back."""
        body = {
            "app": person.application(self.secret, self.season),
            "version": version,
            "parents": sorted(each.hash for each in earlier),
        }
        return self.log.add("app.withdraw", body, self.teacher(person))

    def approve(
        self, officer: Officer, version: Entry, cosigned: Key | None = None, **points: int
    ) -> Entry:
        """The officer's decision about the claim of a version, cosigned with the own key."""
        said = version.said["body"]
        payload = papers.approval(
            said["app"], version.hash, said["claim"], officer.id, self.random, **points
        )
        body = {
            "app": said["app"],
            "revision": version.hash,
            "claim": said["claim"],
            "earlier": [],
        }
        return self.log.add(
            "officer.approve", body, officer.who, payload, officer=cosigned or officer.key
        )

    def change_key(self, new: Key) -> Entry:
        """The log goes on under another key, which both keys sign for."""
        log = self.log
        statement = write(
            {
                "dev": log.dev,
                "inc": log.inc,
                "seq": log.last + 1,
                "prev": log.hash_at(log.last),
                "old": log.key.public,
                "new": new.public,
            }
        )
        body = {
            "key": new.public,
            "old_proof": log.key.sign("tt/rotation/1", statement),
            "new_proof": new.sign("tt/rotation/1", statement),
        }
        entry = log.add("key.rotate", body)
        log.key = new
        return entry

    def teacher(self, person: Person) -> dict:
        """She herself, as who acted."""
        return {"role": "teacher", "id": person.pseudonym(self.secret)}
