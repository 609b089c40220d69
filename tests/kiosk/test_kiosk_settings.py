"""What the hall has set reaches the kiosk: patience, classes, numbers kept aside."""

from kiosk.places import Modes
from kiosk.situation import Situation


def situation(picture: dict[str, object] | None) -> Situation:
    found = Situation(language="zh-Hans")
    found.world.picture = picture
    return found


def test_the_halls_patience_is_kept_in_both_paces() -> None:
    found = situation({"patience": {"idle_s": 45, "ring_s": 15, "slow_idle_s": 90, "slow_ring_s": 25}})
    assert found.idle_limits == (45.0, 15.0)
    found.modes = Modes(large=True)
    assert found.idle_limits == (90.0, 25.0)


def test_without_a_picture_the_defaults_hold() -> None:
    assert situation(None).idle_limits == (30.0, 10.0)
    assert situation(None).priority_classes[0] == "ordinary"


def test_only_the_halls_classes_are_offered() -> None:
    found = situation({"priority_classes": ["ordinary", "elder"], "elder_age": 65})
    assert found.priority_classes == ["ordinary", "elder"]
    assert found.elder_age == 65
