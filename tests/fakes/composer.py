"""An input method that knows a few syllables; it passes the contract tests of the real one."""

from kiosk.adapters.composer_port import ComposerError

CHARACTERS = {
    "djp ": ("昆", "崑", "坤", "琨", "錕", "焜", "褌", "晜", "鯤", "菎", "堃", "髡"),
    "5k6": ("折", "哲", "摺", "蟄", "喆"),
    "vm0 ": ("宣", "軒", "喧", "瑄", "萱", "煊"),
    "z/ ": ("風", "峰", "峯"),
    "1p ": ("奔", "犇", "𩣺"),
    "ru/4": ("敬", "靜", "瀞"),
}


class FakeComposer:
    """``works`` false: the library is not on this machine."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.asked: list[str] = []

    def characters(self, keys: str) -> tuple[str, ...]:
        """As `kiosk.adapters.composer_port.Composer`."""
        self.asked.append(keys)
        if not self.works:
            raise ComposerError("no library")
        return CHARACTERS.get(keys, ())
