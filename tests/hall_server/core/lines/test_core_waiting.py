"""The list behind a line, judged against a plain sorted list (M8, R3)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hall_server.core.lines.waiting import WaitingList, counts_from, head_key, place_key

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 40)),
        st.tuples(st.just("behind"), st.integers(1, 5)),
        st.tuples(st.just("head"), st.just(0)),
        st.tuples(st.just("remove"), st.integers(0, 50)),
    ),
    max_size=80,
)


@settings(max_examples=300)
@given(STEPS)
def test_the_list_is_a_sorted_list(steps: list[tuple[str, int]]) -> None:
    waiting, model = WaitingList(), list[tuple[int, str]]()
    for seq, (what, value) in enumerate(steps):
        name = f"t{seq}"
        if what == "remove":
            if model:
                key, gone = model.pop(value % len(model))
                assert waiting.remove(key=key) == gone
            continue
        if what == "add":
            got = waiting.arrive(at=1000 + value, ticket=name)
            assert counts_from(got) == 1000 + value
            assert not [k for k, _ in model if got <= k < place_key(at=1001 + value)], "behind all of its millisecond"
            model = sorted([*model, (got, name)])
            assert list(zip(waiting.keys, waiting.ids, strict=True)) == model
            continue
        if what == "head":
            key = head_key(seq=seq + 1)
        else:
            key = waiting.behind(others=value, at=2000, seq=seq)
            expected = min(value, len(model))
        got = waiting.add(key=key, ticket=name)
        assert got >= key
        model.append((got, name))
        model.sort()
        if what == "head":
            assert model[0] == (got, name)
        if what == "behind":
            place = model.index((got, name))
            # Others who came back behind the same visitor earlier keep their place before this one.
            assert place >= expected
            assert [k for k, _ in model[expected:place]] == list(range(got - place + expected, got))
        assert list(zip(waiting.keys, waiting.ids, strict=True)) == model
        assert [waiting.index(key=k) for k, _ in model] == list(range(len(model)))
    assert len(waiting) == len(model)


@given(st.integers(1_600_000_000_000, 4_000_000_000_000), st.integers(0, 10**9))
def test_keys_follow_time_and_fit_a_snapshot(at: int, seq: int) -> None:
    assert place_key(at=at) < place_key(at=at + 1) < 1 << 64
    assert counts_from(place_key(at=at)) == at
    assert -(1 << 63) <= head_key(seq=seq + 1) < head_key(seq=seq) <= 0 < place_key(at=at)
    assert counts_from(head_key(seq=seq)) == 0
