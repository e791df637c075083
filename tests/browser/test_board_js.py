"""A board that Streamlit makes anew goes on from what the learner has made of it."""

from lesson import module_page
from playwright.sync_api import Browser

from instruments.shared.bundle import bundle

MADE = """({ change, again }) => {
  const told = [];
  class Part extends lab.Board {
    build() {}
    paint() {}
  }
  const mount = (data) => {
    const board = new Part({ data: { prefix: "key", standard: {}, ...data }, setStateValue: (_, state) => told.push(state.z) },
      { instrument: "part", style: "part", parameters: () => ({}) });
    board.start(document.body);
    return board;
  };
  window.softmaxLabBoards.clear();
  const first = mount({ revision: 1, state: { z: 1 } });
  if (change) first.change({ z: 2 });
  first.destroy();
  told.length = 0;
  return [mount(again).state.z, told];
}"""


def test_a_board_made_anew_goes_on_from_what_the_learner_has_made(browser: Browser) -> None:
    with module_page(browser, bundle("shared/board.js"), "Board") as page:

        def shown(revision: int, z: int, change: bool = True) -> list:
            return page.evaluate(MADE, {"change": change, "again": {"revision": revision, "state": {"z": z}}})

        assert shown(1, 1) == [2, [2]], "and Python is told, as the last message may be lost"
        assert shown(1, 1, change=False) == [1, []]
        assert shown(2, 1) == [1, []], "Python has put something since"
        assert shown(1, 7) == [7, []], "another visit, which begins elsewhere"
