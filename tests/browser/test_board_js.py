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


DRAGGED = """async ({ reset, isQuick }) => {
  const app = document.createElement("div");
  app.dataset.testScriptState = "notRunning";
  document.body.append(app);
  const told = [];
  const runs = (state) => { app.dataset.testScriptState = state; return new Promise((done) => setTimeout(done, 20)); };
  const began = performance.now();
  const tell = lab.throttle((value) => told.push(value), { shortest: 30, longest: 30 });
  for (let i = 0; i < 8; i++) { tell(i); await runs("notRunning"); } // the server is busy: it does not even begin
  const before = [...told];
  await runs("running");
  for (let i = 8; i < 12; i++) { tell(i); await runs("running"); }
  for (let i = 0; i < 10; i++) await runs("running");
  const during = [...told], took = performance.now() - began;
  await runs("notRunning"); // the answer
  const answered = performance.now();
  while (told.length < 2) await new Promise((done) => setTimeout(done, 5));
  const after = [...told], rest = (performance.now() - answered) / took;
  if (isQuick) { // the page does not even say that the script runs
    tell(12);
    window.dispatchEvent(new Event("lab-answer"));
    while (told.length < 3) await new Promise((done) => setTimeout(done, 5));
  }
  tell(12);
  if (reset) tell.cancel();
  else tell.now(); // the hand lets go
  app.remove();
  return [before, during, after, told, rest];
}"""


PLAYED = """async () => {
  const app = document.createElement("div");
  app.dataset.testScriptState = "notRunning";
  document.body.append(app);
  const began = performance.now(), told = [];
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const tell = lab.throttle(() => {
    told.push(performance.now() - began);
    setTimeout(() => window.dispatchEvent(new Event("lab-answer")), 5);
    // What the answer costs: 120 ms in which no frame is painted, between frames of rest.
    setTimeout(() => { const from = performance.now(); while (performance.now() - from < 120); }, 60);
  });
  tell.at({ first: 300, shortest: 200, longest: 2000, share: 0.05 });
  for (let i = 0; told.length < 2 && performance.now() - began < 10000; i++) { tell(i); await wait(20); }
  app.remove();
  return told;
}"""


def test_a_run_that_plays_waits_before_its_first_message_and_rests_for_what_that_one_cost(
    browser: Browser,
) -> None:
    with module_page(browser, bundle("shared/messages.js"), "throttle") as page:
        first, second = page.evaluate(PLAYED)
        assert first >= 299, "it has just begun: there is nothing to tell"
        assert second - first > 700, "with the pause of before: 300; frames that count 70 ms give 850"


def test_a_board_has_one_message_under_way_and_the_last_does_not_wait(browser: Browser) -> None:
    with module_page(browser, bundle("shared/messages.js"), "throttle") as page:
        before, during, after, told, rest = page.evaluate(DRAGGED, {"reset": False})
        assert before == during == [0]
        assert after == [0, 11], "the answer has come, and the newest state goes"
        assert rest > 2, "a server that answers late is asked less often"
        assert told == [0, 11, 12]
        assert page.evaluate(DRAGGED, {"reset": True})[-2] == [0, 11], "Python has put another state"
        assert page.evaluate(DRAGGED, {"reset": True, "isQuick": True})[-2] == [0, 11, 12]
