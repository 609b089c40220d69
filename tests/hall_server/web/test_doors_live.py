"""Live pictures: whatever happens, a client that follows has what a fresh one would get, and nobody waits for another.

Contract 4; R6, I10; M9, M13, M17; U7, U21.
"""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

from doors_material import COUNTER, Doors, Viewer, doors_of

from hall_server.journal.rows import Batch
from hall_server.web import live


async def fresh(doors: Doors, picture: str, role: str) -> dict[str, object]:
    """What a client that comes now gets."""
    viewer = await Viewer(doors, picture, doors.tokens[role]).shown()
    assert viewer.snapshots == 1, viewer.messages
    await viewer.leave()
    return viewer.picture


async def a_step(doors: Doors, dice: random.Random) -> None:
    """Somebody does something; a refusal is as good."""
    ticket = dice.choice(list(doors.hall.tickets) or ["20261124-A001"])
    act = dice.choice(["open", "call-next", "call-next", "recall", "begin", "begin", "no-show", "return", "close"])
    elder = {"line": dice.choice("ABC"), "priority_class": dice.choice(["ordinary", "elder"])}
    span = {"from": "2026-11-24T10:00:00.000+08:00", "to": "2026-11-24T18:00:00.000+08:00"}
    method, path, who, body = dice.choice(
        [
            ("POST", "/api/v1/tickets", "kiosk", elder),
            ("POST", "/api/v1/tickets", "kiosk", {"line": "A"}),
            ("POST", f"/api/v1/counters/{COUNTER}/{act}", "clerk", {"reason": "x"} if act == "return" else None),
            ("POST", f"/api/v1/counters/{COUNTER}/{act}", "clerk", {"reason": "x"} if act == "return" else None),
            ("POST", f"/api/v1/counters/{COUNTER}/finish", "clerk", {}),
            ("POST", f"/api/v1/counters/{COUNTER}/park", "clerk", {"reason": "copy"}),
            ("POST", f"/api/v1/counters/{COUNTER}/pause", "clerk", {"reason": "meal"}),
            ("POST", f"/api/v1/counters/{COUNTER}/transfer", "clerk", {"reason": "x", "line": "B"}),
            ("POST", f"/api/v1/counters/{COUNTER}/resume", "clerk", {"number": ticket[9:]}),
            ("POST", f"/api/v1/tickets/{ticket}/cancel", "kiosk", None),
            ("POST", f"/api/v1/tickets/{ticket}/reinstate", "kiosk", None),
            ("POST", f"/api/v1/tickets/{ticket}/on-my-way", "kiosk", None),
            ("POST", f"/api/v1/tickets/{ticket}/reclassify", "clerk", {"priority_class": "elder", "reason": "x"}),
            ("POST", "/api/v1/help", "kiosk", {}),
            ("POST", "/api/v1/blocks", "kiosk", {"line": "A", "size": 2}),
            ("POST", "/api/v1/notices", "manager", {"text": {"en": "x"}, **span}),
            ("POST", "/api/v1/evacuation", "manager", {"exits": {"main": "left"}}),
            ("DELETE", "/api/v1/evacuation", "manager", None),
            ("PUT", f"/api/v1/counters/{COUNTER}/lines", "manager", {"lines": dice.sample("ABCD", 2)}),
            ("POST", f"/api/v1/counters/{COUNTER}/messages", "manager", {"text": "please come"}),
        ]
    )  # fmt: skip
    answer = await doors.ask(method, path, who, body)
    assert answer.status < 500, (path, answer)
    if dice.random() < 0.3:
        doors.clock.at += dice.randrange(20_000)


def test_patches_fold_to_what_a_fresh_client_gets(county: Path) -> None:
    """M13, M17, I10: every kind of picture, after every few steps of a random day."""

    async def work() -> None:
        async with doors_of(county) as doors:
            first = await doors.take()
            token = first["url"].rsplit("/", 1)[1]
            doors.tokens["ticket"] = token
            followed = {
                "wall:main": "wall", f"counter:{COUNTER}": "clerk", f"keypad:{COUNTER}": "keypad",
                "kiosk:kiosk-t": "kiosk", f"ticket:{token}": "ticket", "manager": "manager",
            }  # fmt: skip
            viewers = {p: await Viewer(doors, p, doors.tokens[role]).shown() for p, role in followed.items()}
            dice = random.Random(4)
            for step in range(300):
                await a_step(doors, dice)
                if step % 10 == 0:
                    doors.hub.refresh(tickets=True)
                    for picture, role in followed.items():
                        expected = await fresh(doors, picture, role)
                        await viewers[picture].until(lambda v, e=expected: v.picture == e)  # type: ignore[misc]
            assert all(v.snapshots == 1 for v in viewers.values()), "nobody lagged"
            assert all(len(v.messages) > 20 for v in viewers.values())
            for viewer in viewers.values():
                await viewer.leave()

    asyncio.run(work())


def test_two_calls_of_one_instant_reach_every_wall_in_order(county: Path) -> None:
    """M9: nothing between two updates is lost; U21: the last calls are listed with their counters."""

    async def work() -> None:
        async with doors_of(county) as doors:
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            for _ in range(2):
                await doors.take()
            await doors.at_counter("call-next")
            await doors.at_counter("begin")
            await doors.at_counter("finish", {})
            await doors.at_counter("call-next")
            await wall.until(lambda w: len(w.picture["calls"]) == 2)
            assert [(c["number"], c["counter"]) for c in wall.picture["calls"]] == [
                ("A001", COUNTER),
                ("A002", COUNTER),
            ]
            assert wall.picture["calls"][0]["seq"] < wall.picture["calls"][1]["seq"]
            await wall.leave()

    asyncio.run(work())


def test_nothing_is_shown_before_it_is_on_disk(county: Path) -> None:
    """Contract 4: neither to those who follow nor to those who just come."""
    import threading

    async def work() -> None:
        async with doors_of(county) as doors:
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            go, standing = threading.Event(), threading.Event()

            def stand(_batch: Batch, _error: Exception | None) -> None:
                standing.set()
                go.wait(20)

            doors.engine.journal.submit(Batch(rows=[], answers=[]), stand)
            assert standing.wait(20)
            try:
                press = asyncio.ensure_future(doors.take("A"))
                late = Viewer(doors, "manager", doors.tokens["manager"])
                for _ in range(50):
                    await asyncio.sleep(0)
                assert doors.hall.by_number("A001") is not None
                assert wall.picture["lines"]["A"]["waiting"] == 0
                assert late.snapshots == 0
            finally:
                go.set()
            await press
            await wall.until(lambda w: w.picture["lines"]["A"]["waiting"] == 1)
            await late.until(lambda v: v.picture.get("lines", {}).get("A", {}).get("waiting") == 1)
            await wall.leave(), await late.leave()

    asyncio.run(work())


def test_a_client_that_lags_gets_one_snapshot_instead_of_a_backlog(county: Path) -> None:
    """Bounded memory for each client; when it reads again it has everything."""

    async def work() -> None:
        async with doors_of(county) as doors:
            slow = await Viewer(doors, "wall:main", doors.tokens["wall"], stuck=True).shown()
            (viewer,) = doors.hub.topics["wall:main"].viewers
            for _ in range(live.MAILBOX * 2):
                await doors.take()
                assert len(viewer.box) <= live.MAILBOX
            slow.stuck = False
            slow._gone.set()  # the one message that hangs gets through, and the rest behind it
            await slow.until(lambda v: v.picture["lines"]["A"]["waiting"] == live.MAILBOX * 2 or v.snapshots > 1)
            assert len(slow.messages) < live.MAILBOX
            await slow.leave()

    asyncio.run(work())


def test_a_stuck_client_delays_nobody(county: Path) -> None:
    """R6: twenty clients that read nothing, and one that does."""

    async def work() -> None:
        async with doors_of(county) as doors:
            stuck = [await Viewer(doors, "wall:main", doors.tokens["wall"], stuck=True).shown() for _ in range(20)]
            healthy = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            worst = 0.0
            for n in range(1, 60):
                await doors.take()
                begun = time.perf_counter()
                await healthy.until(lambda v, n=n: v.picture["lines"]["A"]["waiting"] == n)  # type: ignore[misc]
                worst = max(worst, time.perf_counter() - begun)
            assert worst < 1.0, "far below what waiting for one of them would cost"
            assert healthy.snapshots == 1
            for viewer in (*stuck, healthy):
                await viewer.leave()

    asyncio.run(work())


def test_a_revoked_devices_picture_ends_and_the_others_go_on(county: Path) -> None:
    """S2: revoking closes its live connection at once; others do not notice."""

    async def work() -> None:
        async with doors_of(county) as doors:
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            kiosk = await Viewer(doors, "kiosk:kiosk-t", doors.tokens["kiosk"]).shown()
            manager = await Viewer(doors, "manager", doors.tokens["manager"]).shown()
            device = doors.hall.device_named("wall-t")
            assert device is not None
            await doors.happy("POST", f"/api/v1/devices/{device.id}/revoke", "manager")
            await wall.until(lambda v: v.closed is not None)
            assert wall.closed == 4403
            await doors.take()
            await kiosk.until(lambda v: v.picture["lines"]["A"]["waiting"] == 1)
            assert (kiosk.closed, kiosk.snapshots, manager.closed) == (None, 1, None)
            again = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            assert again.messages == [{"refused": "not_signed_in"}]
            for viewer in (wall, kiosk, manager, again):
                await viewer.leave()

    asyncio.run(work())


def test_a_clerk_who_signs_out_sees_nothing_more_and_the_counters_own_screen_stays(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            by_clerk = await Viewer(doors, f"counter:{COUNTER}", doors.tokens["clerk"]).shown()
            by_device = await Viewer(doors, f"counter:{COUNTER}", doors.tokens["counter"]).shown()
            await doors.happy("DELETE", "/api/v1/sessions/current", "clerk")
            await by_clerk.until(lambda v: v.closed is not None)
            await by_device.until(lambda v: v.picture["counter"]["state"] == "closed")
            assert by_device.closed is None
            await by_clerk.leave(), await by_device.leave()

    asyncio.run(work())


def test_an_evacuation_is_in_every_picture_at_once(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            token = ticket["url"].rsplit("/", 1)[1]
            names = [("wall:main", "wall"), (f"counter:{COUNTER}", "clerk"), (f"keypad:{COUNTER}", "keypad"),
                     ("kiosk:kiosk-t", "kiosk"), ("manager", "manager"), (f"ticket:{token}", "anyone")]  # fmt: skip
            viewers = [await Viewer(doors, p, doors.tokens[w]).shown() for p, w in names]
            await doors.happy("POST", "/api/v1/evacuation", "manager", {"exits": {"main": "left"}})
            for viewer in viewers:
                await viewer.until(lambda v: v.picture.get("evacuation", {}).get("exits") == {"main": "left"})
            await doors.happy("DELETE", "/api/v1/evacuation", "manager")
            for viewer in viewers:
                await viewer.until(lambda v: "evacuation" not in v.picture)
                assert viewer.snapshots == 1
                await viewer.leave()

    asyncio.run(work())


def test_a_notice_comes_and_goes_by_itself(county: Path) -> None:
    """Contract 3: shown from `from` until `to` without a touch."""

    async def work() -> None:
        async with doors_of(county) as doors:
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            span = {"from": "2026-11-24T10:01:00.000+08:00", "to": "2026-11-24T10:02:00.000+08:00"}
            await doors.happy("POST", "/api/v1/notices", "manager", {"text": {"en": "soon"}, **span})
            assert wall.picture["notices"] == []
            for ms, shown in ((59_999, 0), (60_000, 1), (119_999, 1), (120_000, 0)):
                doors.clock.at = 1795485600000 + ms
                doors.hub.refresh(tickets=False)
                await wall.until(lambda w, s=shown: len(w.picture["notices"]) == s)  # type: ignore[misc]
            await wall.leave()

    asyncio.run(work())


def test_a_beat_comes_and_carries_the_halls_time(county: Path) -> None:
    async def work() -> None:
        async with doors_of(county) as doors:
            wall = await Viewer(doors, "wall:main", doors.tokens["wall"]).shown()
            doors.hub.beat()
            await wall.until(lambda w: {"beat": "2026-11-24T10:00:00.000+08:00"} in w.messages)
            await wall.leave()

    asyncio.run(work())


def test_the_nonce_of_a_rating_is_seen_by_keypad_and_page_alone(county: Path) -> None:
    """Contract 3: never through the clerk's session."""

    async def work() -> None:
        async with doors_of(county) as doors:
            ticket = await doors.take()
            token = ticket["url"].rsplit("/", 1)[1]
            names = [
                ("wall:main", "wall"),
                (f"counter:{COUNTER}", "clerk"),
                ("manager", "manager"),
                ("kiosk:kiosk-t", "kiosk"),
            ]
            others = [await Viewer(doors, p, doors.tokens[w]).shown() for p, w in names]
            keypad = await Viewer(doors, f"keypad:{COUNTER}", doors.tokens["keypad"]).shown()
            page = await Viewer(doors, f"ticket:{token}", None).shown()
            for act in ("call-next", "begin"):
                await doors.at_counter(act)
            finished = await doors.at_counter("finish", {})
            await keypad.until(lambda v: "rating_request" in v.picture)
            await page.until(lambda v: "rating_request" in v.picture)
            nonce = keypad.picture["rating_request"]["nonce"]
            assert page.picture["rating_request"]["nonce"] == nonce
            import json

            assert nonce not in json.dumps(finished)
            assert all(nonce not in json.dumps(v.messages) for v in others)
            request = finished["rating_request"]["id"]
            body = {"request": request, "nonce": nonce, "level": 5}
            assert (await doors.ask("POST", "/api/v1/ratings", "clerk", body)).status == 403
            assert (await doors.ask("POST", "/api/v1/ratings", "keypad", {**body, "nonce": "x"})).code == "wrong_nonce"
            await doors.happy("POST", "/api/v1/ratings", "keypad", body)
            await keypad.until(lambda v: "rating_request" not in v.picture)
            assert (await doors.ask("POST", "/api/v1/ratings", token=token, body=body)).code == "already_rated"
            for viewer in (*others, keypad, page):
                await viewer.leave()

    asyncio.run(work())
