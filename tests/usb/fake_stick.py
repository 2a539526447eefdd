"""A stick in memory that can be pulled out, fill up, or be read-only. Unflushed bytes are lost."""

from core.wire.stick import (
    Cut,
    Fetch,
    Flush,
    FlushFolder,
    Look,
    Measure,
    Rename,
    Seen,
    StickError,
    Write,
)


class FakeStick:
    """``pull_at``: the number of the act before which it is pulled out; acts count from 0.

    What reaches the medium: flushed bytes, and of unflushed ones as many as ``torn`` lets through.
    """

    def __init__(self, room=1 << 30, *, read_only=False):
        self.files = {}
        self.other = set()
        self.room = room
        self.read_only = read_only
        self.pull_at = None
        self.torn = 0
        self.acts = []
        self.flaw = None
        self._cached = {}
        self._renames = []

    def pull(self):
        """Out it goes: what was not flushed is lost or torn."""
        names = dict(self.files)
        for name, (flushed, cached) in list(self._cached.items()):
            kept = cached[: max(len(flushed), int(len(cached) * self.torn))]
            names[name] = kept if self.torn else flushed
        self._cached.clear()
        if self._renames and not self.torn:
            for old, new, before in reversed(self._renames):
                names[old] = names.pop(new)
                if before is not None:
                    names[new] = before
        self._renames.clear()
        self.files = {name: data for name, data in names.items() if data is not None}
        self.pull_at = None

    def plug_in(self):
        self.acts.clear()

    def names(self, ours):
        return tuple(sorted(filter(ours, {*self.files, *self.other})))

    def perform(self, act):
        if self.pull_at is not None and len(self.acts) >= self.pull_at:
            self.pull()
            raise StickError("gone")
        self.acts.append(act)
        answer = self._read(act)
        if answer is not None:
            return answer
        if self.read_only:
            raise StickError("read_only")
        self._change(act)
        return None

    def _read(self, act):
        match act:
            case Look(name=name):
                if name in self.other:
                    return Seen("other")
                if name not in self.files:
                    return Seen("nothing")
                return Seen("file", len(self.files[name]))
            case Fetch(name=name, limit=limit):
                if len(self.files[name]) > limit:
                    raise StickError("too_large")
                data = self.files[name]
                return data if self.flaw is None else self.flaw(data)
            case Measure():
                return self.room - sum(map(len, self.files.values()))
        return None

    def _change(self, act):
        match act:
            case Write(name=name, offset=offset, data=data):
                before = self.files.get(name, b"")
                after = before[:offset] + data + before[offset + len(data) :]
                self._cached.setdefault(name, (self.files.get(name), b""))
                self._cached[name] = (self._cached[name][0] or b"", after)
                if sum(map(len, self.files.values())) + len(data) > self.room:
                    raise StickError("full")
                self.files[name] = after
            case Cut(name=name, size=size):
                self.files[name] = self.files[name][:size]
            case Flush(name=name):
                self._cached.pop(name, None)
            case Rename(old=old, new=new):
                self._renames.append((old, new, self.files.get(new)))
                self.files[new] = self.files.pop(old)
            case FlushFolder():
                self._renames.clear()
