"""One question per finished service, answered once (domain.md 4.1; I7, M16, U14)."""

import pytest
from core_material import Scene

from hall_server.core.matters.rating import GiveRating


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.open("1"), made.open("2")
    return made


def served(scene: Scene, counter: str = "1") -> str:
    scene.take(), scene.call(counter)
    return scene.serve(counter)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_level_is_kept_as_it_was_pressed(scene: Scene, level: int) -> None:
    """M16: no level is ever assumed, and the clerk is the one who served."""
    request = served(scene)
    event, *_ = scene.do(GiveRating(request=request, level=level, source="keypad", counter="1", aspects=("attitude",)))
    assert (event.level, event.clerk, event.counter, event.aspects) == (level, "0301", "1", ("attitude",))  # type: ignore[attr-defined]
    assert scene.hall.today.rated == 1
    assert scene.hall.counters["1"].rating is None


@pytest.mark.parametrize("second", ["keypad", "page"])
def test_the_first_answer_counts(scene: Scene, second: str) -> None:
    """I7."""
    request = served(scene)
    scene.do(GiveRating(request=request, level=5, source="keypad", counter="1"))
    assert scene.refusal(GiveRating(request=request, level=1, source=second)) == "already_rated"
    assert scene.hall.today.rated == 1


def test_only_the_counters_keypad_or_the_tickets_page(scene: Scene) -> None:
    one, two = served(scene, "1"), served(scene, "2")
    assert scene.refusal(GiveRating(request=one, level=5, source="keypad", counter="2")) == "not_allowed"
    assert scene.refusal(GiveRating(request=two, level=5, source="page", ticket="20261124-A001")) == "not_allowed"
    assert scene.refusal(GiveRating(request="R0", level=5, source="page")) == "unknown_rating"
    scene.do(GiveRating(request=two, level=5, source="page", ticket="20261124-A002"))


@pytest.mark.parametrize(
    ("days", "until"),
    [(5, "2026-12-01T16:30:00.000+08:00"), (1, "2026-11-25T16:30:00.000+08:00"), (0, "2026-11-25T00:00:00.000+08:00")],
)
def test_the_window_closes(days: int, until: str) -> None:
    from hall_server.core.stamp import instant

    scene = Scene({"rating": {"rating_window_working_days": days}})
    scene.open("1")
    request = served(scene)
    assert scene.hall.ratings[request].expires == instant(until)
    scene.now = instant(until) + 1
    assert scene.refusal(GiveRating(request=request, level=5, source="page")) == "rating_closed"
    scene.now = instant(until)
    scene.do(GiveRating(request=request, level=5, source="page"))


def test_the_next_service_ends_the_keypads_question_but_not_the_pages(scene: Scene) -> None:
    """No clerk can make the next visitor answer for the last one."""
    from hall_server.core.lines.calling import BeginService

    request = served(scene)
    scene.take(), scene.call("1")
    assert scene.hall.counters["1"].rating == request
    scene.do(BeginService(), counter="1")
    assert scene.hall.counters["1"].rating is None
    scene.do(GiveRating(request=request, level=2, source="page", ticket="20261124-A001"))
    scene.check()


def test_only_a_finished_service_is_asked_about(scene: Scene) -> None:
    scene.take(), scene.call("1"), scene.miss("1")
    assert not scene.hall.ratings
