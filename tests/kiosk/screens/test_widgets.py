"""The parts screens are made of: boxes to type in, lists, choices, text in cells."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from kiosk.text.catalogue import TEXTS
from kiosk.theme import LIGHT
from kiosk.widgets.cells import centre, fit, fit_right, join, shorten, wrap
from kiosk.widgets.controls import Choice, Option, Push, Tick
from kiosk.widgets.field import Field
from kiosk.widgets.glyphs import ASCII, LINES
from kiosk.widgets.lines import Lines, Upright, Words
from kiosk.widgets.menu import Item, Menu, Paper
from kiosk.widgets.painted import Painted, between, hanging, line, width_of
from kiosk.widgets.qr import qr_lines, qr_size
from kiosk.widgets.rows import Row, Rows


class Bench(App[None]):
    """An application with nothing but the widget under test; it remembers what was said."""

    CSS = "Screen { layout: vertical; } Rows { height: 5; }"
    palette, glyphs, texts, touch = LIGHT, LINES, TEXTS, False

    def __init__(self, *widgets) -> None:
        super().__init__()
        self.widgets = widgets
        self.said: list[object] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def on_push_pressed(self, message: Push.Pressed) -> None:
        self.said.append(message.push.id)

    def on_tick_toggled(self, message: Tick.Toggled) -> None:
        self.said.append(message.on)

    def on_choice_chosen(self, message: Choice.Chosen) -> None:
        self.said.append(message.key)

    def on_rows_acted(self, message: Rows.Acted) -> None:
        self.said.append((message.key, message.how))

    def on_field_entered(self, message: Field.Entered) -> None:
        self.said.append(message.value)

    def on_menu_chosen(self, message: Menu.Chosen) -> None:
        self.said.append(message.key)


def shown(widget: Painted) -> list[str]:
    return ["".join(span.text for span in spans) for spans in widget.paint(widget.size.width)]


class TestText:
    def test_text_is_cut_and_filled_by_cells_never_through_a_character(self):
        assert fit("溪口國小", 5) == "溪口 "
        assert fit("溪口", 6) == "溪口  "
        assert fit_right("12", 4) == "  12"
        assert centre("國小", 8) == "  國小  "

    def test_what_was_shortened_says_so(self):
        assert shorten("地磨兒國小德文分校", 10) == "地磨兒國.."
        assert shorten("短", 10) == "短"

    def test_empty_parts_leave_no_gap(self):
        assert join(("甲", "", "乙"), 1) == "甲 乙"

    @pytest.mark.parametrize("width", range(6, 40))
    def test_no_wrapped_line_is_wider_than_asked(self, width):
        text = "電子郵件：請填平常使用的，例如 name@example.tw。「注意事項」、「基本資料」。"

        assert max(map(cell_len, wrap(text, width))) <= width

    def test_punctuation_neither_begins_nor_ends_a_line_wrongly(self):
        for width in range(8, 40):
            for each in wrap("「注意事項」、「設定密碼」與「基本資料」，共六項。", width):
                assert each[0] not in "」，。、"
                assert not each.endswith("「")

    def test_words_and_numbers_stay_whole_and_indents_are_kept(self):
        assert wrap("   電話 07-1234567#89 分機", 20) == ("   電話", "   07-1234567#89 分", "   機")

    def test_newlines_are_kept(self):
        assert wrap("一\n\n二", 10) == ("一", "", "二")

    def test_a_hanging_paragraph_is_indented_under_its_text(self):
        lines = [spans[0].text for spans in hanging("1 ", "電話號碼不正確", 8)]

        assert lines == ["1 電話號", "  碼不正", "  確"]

    def test_two_ends_of_a_line_are_pushed_apart(self):
        spans = between(line("左"), line("右"), 10)

        assert width_of(spans) == 10
        assert spans[-1].text == "右"

    def test_names_from_cards_lose_only_characters_of_uncertain_width(self):
        assert ASCII.safe("林○芒") == "林O芒"
        assert ASCII.safe("□") == "?"
        assert ASCII.safe("…") == "?"
        assert LINES.safe("林○芒") == "林○芒"


class TestField:
    async def typed(self, *keys, **settings):
        changes = []
        field = Field(id="f", changed=changes.append, **settings)
        app = Bench(field)
        async with app.run_test() as pilot:
            field.focus()
            await pilot.pause()
            await pilot.press(*keys)
            return field.value, changes, app.said, shown(field)[0]

    async def test_letters_are_inserted_where_the_cursor_is(self):
        value, changes, _, _ = await self.typed("a", "c", "left", "b", "home", "王", "end", "z")

        assert value == "王abcz"
        assert changes[-1] == value

    async def test_backspace_and_delete_take_whole_characters(self):
        value, _, _, _ = await self.typed("王", "小", "明", "backspace", "home", "delete")

        assert value == "小"

    async def test_the_end_of_a_box_is_its_end(self):
        value, changes, _, _ = await self.typed(
            "a", "right", "right", "delete", "left", "left", "b"
        )

        assert value == "ba"
        assert len(changes) == 2

    async def test_only_digits_enter_where_a_number_is_wanted(self):
        value, _, _, _ = await self.typed("1", "x", "2", "\uff13", takes="digits")

        assert value == "123", "full-width digits count"

    async def test_a_number_is_typed_anew_when_the_box_is_entered_again(self):
        value, _, _, _ = await self.typed("7", value="12", takes="digits")

        assert value == "7"

    async def test_no_more_than_asked_for_enters(self):
        value, _, _, _ = await self.typed(*"123456", most=4)

        assert value == "1234"

    async def test_enter_says_what_was_typed(self):
        _, _, said, _ = await self.typed("a", "enter")

        assert said == ["a"]

    async def test_a_secret_is_shown_as_stars(self):
        value, _, _, row = await self.typed(*"mango", secret=True)

        assert value == "mango"
        assert "*****" in row
        assert "mango" not in row

    async def test_a_text_longer_than_the_box_scrolls_with_the_cursor(self):
        _, _, _, row = await self.typed(*"屏東縣三地門鄉青山國小附設幼兒園")

        assert "幼兒園" in row
        assert "屏東縣" not in row
        assert cell_len(row) == 24

    async def test_only_the_first_line_of_what_is_pasted_enters(self):
        field = Field(id="f")
        app = Bench(field)
        async with app.run_test() as pilot:
            from textual.events import Paste  # noqa: PLC0415

            field.focus()
            app.post_message(Paste("07-1234567\nsecond"))
            await pilot.pause()

            assert field.value == "07-1234567"

    async def test_a_click_puts_the_cursor_under_the_pointer(self):
        field = Field("王小明", id="f")
        app = Bench(field)
        async with app.run_test() as pilot:
            await pilot.click("#f", offset=(4, 0))
            await pilot.press("x")

            assert field.value == "王x小明"

    async def test_the_terminals_cursor_stands_where_an_input_method_opens_its_window(self):
        field = Field("王小", id="f")
        app = Bench(field)
        async with app.run_test() as pilot:
            field.focus()
            await pilot.pause()
            await pilot.press("明")
            await pilot.pause()

            assert app.cursor_position.x == len("[ ") + cell_len("王小明")

    async def test_the_same_value_again_leaves_the_cursor_alone(self):
        field = Field("abc", id="f")
        app = Bench(field)
        async with app.run_test() as pilot:
            field.focus()
            await pilot.pause()
            await pilot.press("home")

            field.set_value("abc")

            assert field.cursor == 0


def plain_row(row: Row, width: int):  # noqa: ARG001
    return line(f"  {row.key}")


class TestRows:
    def rows(self, *keys):
        return [Row(key, heading=key.startswith("@")) for key in keys]

    async def test_headings_are_never_selected(self):
        rows = Rows(plain_row, id="r")
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.set_rows(self.rows("@a", "1", "2", "@b", "3"))
            rows.focus()
            await pilot.pause()
            first = rows.selected
            await pilot.press("down", "down")
            third = rows.selected
            await pilot.press("home")

            assert (first, third, rows.selected) == ("1", "3", "1")
            assert rows.count == 3

    async def test_the_selected_row_stays_selected_when_others_come_and_go(self):
        rows = Rows(plain_row, id="r")
        async with Bench(rows).run_test():
            rows.set_rows(self.rows("1", "2", "3"))
            rows.select("2")

            rows.set_rows(self.rows("0", "1", "2"))
            kept = rows.selected
            rows.set_rows(self.rows("0", "1"))

            assert (kept, rows.selected) == ("2", "1")

    async def test_pages_and_ends_are_reached_and_shown(self):
        rows = Rows(plain_row, id="r")
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.set_rows(self.rows(*map(str, range(50))))
            rows.focus()
            await pilot.pause()
            await pilot.press("end")
            last = (rows.selected, rows.in_view)
            await pilot.press("pageup", "up")

            assert last == ("49", (46, 50))
            assert rows.selected == "44"
            assert len(shown(rows)) == 5

    async def test_the_first_click_selects_and_the_second_acts(self):
        rows = Rows(plain_row, id="r")
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.set_rows(self.rows("1", "2", "3"))
            await pilot.pause()
            await pilot.click("#r", offset=(2, 1))
            before = list(app.said)
            await pilot.click("#r", offset=(2, 1))
            await pilot.pause()

            assert before == []
            assert app.said == [("2", "click")]

    async def test_space_and_enter_act_and_say_which(self):
        rows = Rows(plain_row, id="r")
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.set_rows(self.rows("1"))
            rows.focus()
            await pilot.press("space", "enter")
            await pilot.pause()

            assert app.said == [("1", "space"), ("1", "enter")]

    async def test_typing_finds_a_row_by_a_part_of_its_name(self):
        rows = Rows(plain_row, id="r", name_row=lambda row: row.key)
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.set_rows(self.rows("屏東縣", "臺東縣", "花蓮縣"))
            rows.focus()
            await pilot.pause()
            await pilot.press("台", "東")

            assert rows.selected == "臺東縣"

    async def test_an_empty_list_takes_keys_without_harm_and_says_what_to_do(self):
        rows = Rows(plain_row, id="r", paint_empty=lambda _: [line("還沒有")])
        app = Bench(rows)
        async with app.run_test() as pilot:
            rows.focus()
            await pilot.press("down", "end", "space", "enter", "pageup")
            await pilot.click("#r", offset=(1, 1))

            assert rows.selected is None
            assert app.said == []
            assert shown(rows) == ["還沒有"]


class TestControls:
    async def test_a_button_is_pressed_by_enter_space_and_click(self):
        app = Bench(Push("繼續", id="p"))
        async with app.run_test() as pilot:
            app.query_one("#p").focus()
            await pilot.press("enter", "space")
            await pilot.click("#p")
            await pilot.pause()

            assert app.said == ["p", "p", "p"]
            assert shown(app.query_one("#p", Push)) == ["[ 繼續 ]"]

    async def test_a_button_is_as_wide_as_its_words(self):
        push = Push("繼續", id="p")
        app = Bench(push)
        async with app.run_test() as pilot:
            narrow = push.size.width
            push.label = "確定志願縣市"
            await pilot.pause()

            assert (narrow, push.size.width) == (8, 16)

    async def test_a_tick_asks_for_the_other_state_and_shows_the_one_it_is_given(self):
        tick = Tick("正確", id="t")
        app = Bench(tick)
        async with app.run_test() as pilot:
            tick.focus()
            await pilot.press("space")
            await pilot.pause()
            before = shown(tick)
            tick.set_on(on=True)
            await pilot.click("#t")
            await pilot.pause()

            assert before == ["[ ] 正確"]
            assert app.said == [True, False]
            assert shown(tick) == ["[v] 正確"]

    @pytest.mark.parametrize(("across", "forth"), [(False, "down"), (True, "right")])
    async def test_a_choice_moves_by_arrows_and_chooses_by_space(self, across, forth):
        options = (Option(key="a", label="國小"), Option(key="b", label="國中"))
        choice = Choice(options, id="c", across=across)
        app = Bench(choice)
        async with app.run_test() as pilot:
            choice.focus()
            await pilot.press(forth, forth, "space")
            await pilot.pause()

            assert app.said == ["b"]
            assert choice.chosen is None, "the session chooses"

    async def test_a_click_on_an_answer_chooses_it(self):
        options = (Option(key="a", label="國小"), Option(key="b", label="國中"))
        app = Bench(Choice(options, id="c", across=True), Choice(options, id="d"))
        async with app.run_test() as pilot:
            await pilot.click("#c", offset=(14, 0))
            await pilot.click("#d", offset=(1, 1))
            await pilot.pause()

            assert app.said == ["b", "b"]

    async def test_a_menu_scrolls_skips_headings_and_wraps_nothing(self):
        items = (
            Item(key="", label="顏色", heading=True),
            *(Item(key=str(at), label=f"第 {at}") for at in range(40)),
        )
        menu = Menu("選擇", items, width=30)
        app = Bench(menu)
        async with app.run_test(size=(80, 24)) as pilot:
            menu.focus()
            await pilot.press("up", *["down"] * 30, "enter")
            await pilot.pause()

            rows = shown(menu)
            assert app.said == ["30"]
            assert {cell_len(row) for row in rows} == {30}
            assert "> 第 30" in "\n".join(rows)

    async def test_a_paper_scrolls_to_its_end_and_no_further(self):
        lines = tuple(line(str(at)) for at in range(60))
        paper = Paper("說明", lines, width=30, close="Esc")
        app = Bench(paper)
        async with app.run_test(size=(80, 24)) as pilot:
            paper.focus()
            await pilot.press("end", "pagedown", "down")

            assert "59" in shown(paper)[-2]
            assert "60" in shown(paper)[-1]

    async def test_an_upright_line_has_joints_where_asked(self):
        app = Bench(Upright(id="u", joints=lambda: frozenset({1})), Words("標"))
        async with app.run_test():
            assert shown(app.query_one("#u", Upright))[:3] == ["│", "├", "│"]


class TestRepainting:
    async def test_only_lines_that_changed_are_painted_again(self):
        said = ["一", "二", "三"]
        lines = Lines(lambda _: [line(each) for each in said])
        app = Bench(lines)
        async with app.run_test() as pilot:
            await pilot.pause()
            regions = []
            lines.refresh = lambda *found, **_: regions.extend(found)  # type: ignore[method-assign]
            said[1] = "變"

            lines.repaint()

            assert [region.y for region in regions] == [1]


class TestQr:
    def test_a_short_receipt_fits_24_rows_and_has_its_quiet_zone(self):
        code = qr_lines("TAS1:115:E0231000427:8F3K29QD", LINES)

        assert (width_of(code[0]), len(code)) == (33, 17)
        assert code[0][0].text.strip() == ""

    def test_without_blocks_a_module_is_two_cells_of_background(self):
        columns, rows = qr_size("TAS1:115:E0231000427:8F3K29QD", ASCII)
        code = qr_lines("TAS1:115:E0231000427:8F3K29QD", ASCII)

        assert (columns, rows) == (66, 33)
        assert {width_of(row) for row in code} == {66}
        assert {span.text for row in code for span in row} == {"  "}
