"""What the operator's monitoring reads. Labels are closed lists; no person, school or machine."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counters of one server process, in a registry of its own."""

    def __init__(self) -> None:
        """Start every counter at zero."""
        self._registry = CollectorRegistry()
        self.uploads = Counter(
            "jiepin_uploads", "Uploads by outcome.", ["code"], registry=self._registry
        )
        self.events = Counter(
            "jiepin_events", "Entries appended to the log.", registry=self._registry
        )
        self.forks = Counter("jiepin_forks", "Uploads that fork.", registry=self._registry)
        self.seconds = Histogram(
            "jiepin_upload_seconds",
            "From the last byte of an upload to its answer.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self.waiting = Gauge(
            "jiepin_writer_waiting", "Pieces that wait for the writer.", registry=self._registry
        )
        self.unjudged = Gauge(
            "jiepin_unjudged", "Entries that wait for their verdict.", registry=self._registry
        )
        self.notifications = Counter(
            "jiepin_notifications",
            "Tries to send a message, by channel and what became of it.",
            ["channel", "result"],
            registry=self._registry,
        )
        self.notifications_waiting = Gauge(
            "jiepin_notifications_waiting",
            "Messages in line, by channel.",
            ["channel"],
            registry=self._registry,
        )
        self.set_aside = Gauge(
            "jiepin_set_aside",
            "Entries that could not be judged and were set aside.",
            registry=self._registry,
        )
        self.beacons = Counter("jiepin_beacons", "Beacons given.", registry=self._registry)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
