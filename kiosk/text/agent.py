"""What the card agent says in a terminal of a staff computer."""


def port_taken(port: int, why: str) -> str:
    """The port is in use, most likely by another agent."""
    return f"埠 {port} 無法使用（{why}）：可能已有一個在執行。"


def no_origin(text: str) -> str:
    """What was given is no address of a console."""
    return f"{text}：請給控制台網址，例如 https://tas.example.tw（不含路徑）。"


def no_such_card(name: str) -> str:
    """No virtual card of this name."""
    return f"{name}：沒有這張卡。"
