"""The page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

import compiler
import rasp
from rasp.playground.look import look
from tests.rasp.playground.browser import chromium, opened, serious_faults
from tests.rasp.playground.conftest import HISTOGRAM, Playground

HELD_BACK = """() => {
  const held = new Promise((go) => { window.go = go; }), now = fetch;
  window.fetch = (...all) => held.then(() => now(...all));
}"""
"""Nothing is asked of the server before ``go()``."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Browser, playground: Playground) -> Iterator[Page]:
    with opened(browser, playground.address) as found:
        yield found


def write(page: Page, text: str, tokens: str = "hello") -> None:
    page.fill("#program", text)
    page.fill("#input", tokens)


def expect_cells(page: Page, name: str, values: list[object]) -> None:
    row = page.locator("#rows tr", has=page.get_by_role("button", name=name, exact=True))
    expect(row.locator("td")).to_have_text([str(value) for value in values])


def compiled(page: Page, *, longest: int = 5) -> None:
    page.fill("#longest", str(longest))
    page.click("#go")
    expect(page.locator("#verified")).to_contain_text("no mismatch")


def test_values_follow_what_is_typed(page: Page) -> None:
    write(page, "")
    page.locator("#program").press_sequentially(HISTOGRAM)
    expect_cells(page, "histogram", rasp.loads(HISTOGRAM)["histogram"]("hello"))
    page.locator("#input").press_sequentially("hello")
    expect_cells(page, "histogram", rasp.loads(HISTOGRAM)["histogram"]("hellohello"))
    expect(page.locator("#flow svg")).to_contain_text("histogram: computation flow")


def test_raspl_and_its_examples(page: Page) -> None:
    page.select_option("#programs", label="Count up (RASP-L)")
    expect(page.locator("#dialect")).to_have_value("rasp-l")
    program = rasp.load("examples/count.raspl")
    expect_cells(page, "next_token", program["next_token"].sop()([-1, 3, 6, 3, 4]))
    expect(page.locator("#causal")).to_be_checked()


def test_an_error_is_told_under_the_caret_and_in_the_list(page: Page) -> None:
    write(page, "x = indices;\ny = indices + ;\n")
    expect(page.locator("#remarks li")).to_have_count(1)
    expect(page.locator("#paint .r-error")).to_have_text(";")
    expect(page.locator("#note")).to_be_hidden()
    page.locator("#remarks button").click()
    expect(page.locator("#note")).to_contain_text("unexpected ';'")
    line = page.evaluate("document.getElementById('note').style.top")
    assert line == "50px"  # below the second line: 8 + 2 · 20 + 2
    expect_cells(page, "x", [0, 1, 2, 3, 4])
    page.locator("#program").press("Backspace")
    page.locator("#program").press_sequentially("1;")
    expect(page.locator("#remarks li")).to_have_count(0)
    expect_cells(page, "y", [1, 2, 3, 4, 5])


def test_pointing_at_a_value_shows_what_it_attends_to(page: Page) -> None:
    write(page, HISTOGRAM, "aba")
    expect_cells(page, "histogram", [2, 1, 2])
    page.hover("#rows td[data-row='0'][data-at='2']")
    expect(page.locator("#told")).to_have_text("histogram at position 2 attends to positions 0, 2")
    expect(page.locator("#rows td.attended")).to_have_text(["a", "a"])
    expect(page.locator("#maps figure.linked")).to_have_count(1)
    page.hover("#maps svg", position={"x": 20, "y": 28})
    expect(page.locator("#told")).to_have_text("same, query 0 attends to positions 0, 2")


def test_compiling_shows_the_model_verifies_it_and_gives_its_files(page: Page, tmp_path: Path) -> None:
    write(page, HISTOGRAM, "aba")
    expect_cells(page, "histogram", [2, 1, 2])
    compiled(page)
    expect(page.locator("#model-size")).to_contain_text("histogram: 1 layer,")
    expect(page.locator("#model-values")).to_have_text("the model's values: 2 1 2")
    expect(page.locator("#heads figcaption").first).to_contain_text("program: same")
    expect(page.locator("#stream svg")).to_contain_text("histogram: the residual stream")
    page.fill("#input", "bb")
    expect(page.locator("#model-values")).to_have_text("the model's values: 2 2")
    for name in ("model.safetensors", "report.md", "stream.svg", "attention.svg"):
        with page.expect_download() as download:
            page.click(f"#downloads a[download='{name}']")
        download.value.save_as(tmp_path / name)
    assert compiler.load(tmp_path / "model.safetensors")("abba") == [2, 2, 2, 2]
    assert "no mismatch" in (tmp_path / "report.md").read_text(encoding="utf-8")
    for name in ("stream.svg", "attention.svg"):
        assert ElementTree.parse(tmp_path / name).getroot().tag.endswith("svg")
    assert serious_faults(page) == []


def test_what_can_not_be_compiled_says_why(page: Page) -> None:
    write(page, "x = tokens_float * 0.1;\n", "[1, 2.5]")
    expect(page.locator("#compiled-sop")).to_have_value("x")
    page.fill("#longest", "0")
    page.evaluate("document.getElementById('compile').noValidate = true")
    page.click("#go")
    expect(page.locator("#compile-error")).to_contain_text("the longest input is a number from 1 to 512 here, not 0")
    page.fill("#longest", "8")
    page.fill("#vocab", "")
    page.click("#go")
    expect(page.locator("#compile-error")).to_contain_text("the vocabulary is empty")


def test_compiling_can_be_cancelled_and_begun_again(page: Page) -> None:
    page.click("#go")
    expect(page.locator("#elapsed")).to_contain_text("s")
    page.click("#cancel")
    expect(page.locator("#stage")).to_have_text("Cancelled.")
    expect(page.locator("#cancel")).to_be_disabled()
    compiled(page)


def test_keys_are_enough(page: Page) -> None:
    page.focus("#theme")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "program"
    page.keyboard.press("Control+a")
    page.keyboard.type(HISTOGRAM)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("aab")
    expect_cells(page, "histogram", [2, 2, 1])
    page.focus("#rows td[tabindex='0']")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#told")).to_have_text("histogram at position 1 attends to positions 0, 1")
    page.keyboard.press("End")
    expect(page.locator("#told")).to_have_text("histogram at position 2 attends to position 2")
    page.fill("#longest", "3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#verified")).to_contain_text("no mismatch")


def test_enter_keeps_the_indentation(page: Page) -> None:
    page.select_option("#dialect", "rasp-l")
    write(page, "")
    page.locator("#program").press_sequentially("def f(x):\nreturn x + 1")
    expect(page.locator("#program")).to_have_value("def f(x):\n    return x + 1")


def test_a_link_carries_the_program(browser: Browser, playground: Playground, page: Page) -> None:
    write(page, HISTOGRAM + "# 😀\n", "abab")
    page.click("#link")
    expect(page.locator("#said")).not_to_be_empty()
    with opened(browser, page.url) as other:
        expect(other.locator("#program")).to_have_value(HISTOGRAM + "# 😀\n")
        expect_cells(other, "histogram", [2, 2, 2, 2])
    with opened(browser, playground.address + "/#p=damaged") as other:
        expect(other.locator("#said")).to_contain_text("the link is damaged")


def test_files_are_saved(page: Page, tmp_path: Path) -> None:
    write(page, HISTOGRAM)
    assert saved(page, "#save", "program.rasp", tmp_path) == HISTOGRAM
    expect_cells(page, "histogram", [1, 1, 2, 2, 1])
    assert saved(page, "#save-flow", "histogram.svg", tmp_path) == flow_of(HISTOGRAM)


def test_a_picture_is_saved_of_what_is_written_though_another_is_still_shown(page: Page, tmp_path: Path) -> None:
    expect(page.locator("#save-flow")).to_be_enabled()
    page.evaluate(HELD_BACK)
    page.fill("#program", HISTOGRAM)
    with page.expect_download() as download:
        page.click("#save-flow")
        page.evaluate("go()")
    download.value.save_as(tmp_path / "histogram.svg")
    assert (tmp_path / "histogram.svg").read_text() == flow_of(HISTOGRAM, page.input_value("#input"))


def test_where_no_picture_follows_none_is_saved(page: Page) -> None:
    expect(page.locator("#save-flow")).to_be_enabled()
    names: list[str] = []
    page.on("download", lambda download: names.append(download.suggested_filename))
    page.evaluate(HELD_BACK)
    page.fill("#program", "def same(x) { return x; }")
    page.click("#save-flow")
    page.evaluate("go()")
    expect(page.locator("#flow")).to_contain_text("The program has no s-op.")
    with page.expect_download():
        page.click("#save")
    assert names == ["program.rasp"]


def saved(page: Page, button: str, name: str, folder: Path) -> str:
    with page.expect_download() as download:
        page.click(button)
    assert download.value.suggested_filename == name
    download.value.save_as(folder / name)
    return (folder / name).read_text()


def flow_of(text: str, tokens: str = "hello") -> str:
    return look({"text": text, "dialect": "rasp", "input": tokens}, lambda news: None)["flow"]


def test_the_layout_is_one_for_all(page: Page) -> None:
    write(page, "x=indices+1 ;")
    page.click("#format")
    expect(page.locator("#program")).to_have_value("x = indices + 1;\n")
    page.focus("#program")
    page.keyboard.press("Control+z")
    expect(page.locator("#program")).to_have_value("x=indices+1 ;")
    write(page, "x = ;")
    page.click("#format")
    expect(page.locator("#said")).to_contain_text("line 1: unexpected ';'")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_people_with_other_eyes_and_ears_can_use_it(browser: Browser, playground: Playground, scheme: str) -> None:
    with opened(browser, playground.address, color_scheme=scheme) as page:
        write(page, HISTOGRAM + "broken = ;\n", "aba")
        expect(page.locator("#remarks li")).to_have_count(1)
        page.locator("#remarks button").click()
        assert serious_faults(page) == []


def test_the_theme_can_be_chosen(browser: Browser, playground: Playground) -> None:
    with opened(browser, playground.address, color_scheme="light") as page:
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.click("#theme")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        expect(page.locator("#theme")).to_have_text("Light")


def test_a_narrow_window_needs_no_scrolling_to_the_side(browser: Browser, playground: Playground) -> None:
    with opened(browser, playground.address) as page:
        page.set_viewport_size({"width": 360, "height": 640})
        page.select_option("#programs", label="Sort (RASP)")
        page.fill("#input", "abcdefgh" * 8)
        expect_cells(page, "sorted", list("a" * 8 + "b" * 8 + "c" * 8 + "d" * 8 + "e" * 8 + "f" * 8 + "g" * 8 + "h" * 8))
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_is_light_and_asks_for_nothing_elsewhere(browser: Browser, playground: Playground) -> None:
    context = browser.new_context()
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    page.goto(playground.address)
    page.wait_for_selector("#flow svg")
    assert all(url.startswith(playground.address) for url in sizes)
    assert 10_000 < sum(sizes.values()) < 300_000
    context.close()


def test_a_server_that_is_gone_is_told(browser: Browser, playground: Playground) -> None:
    with opened(browser, playground.address) as page:
        page.route("**/api/look", lambda route: route.abort())
        write(page, HISTOGRAM)
        expect(page.locator("#input-error")).to_contain_text("the playground's server does not answer")
        page.unroute("**/api/look")
        write(page, HISTOGRAM, "aab")
        expect_cells(page, "histogram", [2, 2, 1])


def test_what_was_written_is_there_after_the_page_is_loaded_again(page: Page) -> None:
    write(page, HISTOGRAM + "# mine\n", "abab")
    expect_cells(page, "histogram", [2, 2, 2, 2])
    page.reload()
    expect(page.locator("#program")).to_have_value(HISTOGRAM + "# mine\n")
    expect_cells(page, "histogram", [2, 2, 2, 2])


def test_the_note_on_an_error_is_seen_at_the_end_of_the_editor_too(page: Page) -> None:
    write(page, "x = 1;\n" * 20 + "y = indices + ;")
    expect(page.locator("#remarks li")).to_have_count(1)
    page.locator("#remarks button").click()
    expect(page.locator("#note")).to_be_visible()
    note, pane = page.locator("#note").bounding_box(), page.locator(".pane").bounding_box()
    assert note is not None
    assert pane is not None
    assert pane["y"] <= note["y"]
    assert note["y"] + note["height"] <= pane["y"] + pane["height"]


def test_texts_that_look_like_colours_stay_as_they_are(page: Page) -> None:
    write(page, 'a = "#1a1a1a" if indices > 0 else "#ffffff";', "ab")
    expect(page.locator("#flow svg").get_by_text("#1a1a1a").first).to_be_visible()
    assert page.locator("#flow").get_by_text("var(").count() == 0
