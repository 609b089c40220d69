// Plays a day: the rows come once, the hall at a row is made by the server.
"use strict";
(() => {
  const box = document.getElementById("replay"), bar = document.getElementById("bar"), then = document.getElementById("then");
  const play = document.getElementById("play"), mark = document.getElementById("mark");
  if (!box) return;
  const day = box.dataset.day, FRAME_MS = 250;
  let rows = [], at = Number(box.dataset.seq), timer = 0, clock = 0, asked = 0, shown = at;

  fetch("/api/v1/replay?day=" + day).then((answer) => answer.json()).then((told) => { rows = told.events; });
  const index = () => { let low = 0, high = rows.length; while (low < high) { const m = (low + high) >> 1; if (rows[m][0] <= at) low = m + 1; else high = m; } return low; };
  async function show() {
    const mine = ++asked, seq = at;
    const answer = await fetch("/console/replay/then?day=" + day + "&seq=" + seq);
    if (mine !== asked || !answer.ok) return;
    then.innerHTML = await answer.text();
    shown = seq; bar.value = seq;
    history.replaceState(null, "", "?day=" + day + "&seq=" + seq);
  }
  const go = (seq) => { at = Math.min(Math.max(seq, Number(bar.min)), Number(bar.max)); bar.value = at; show(); };
  const step = (by) => { const i = index(); const to = rows[by > 0 ? i : i - 2]; if (to) go(to[0]); else if (by < 0) go(Number(bar.min)); };
  const time = (row) => Date.parse(row[1]);
  function tick() {
    const i = index();
    if (i >= rows.length) return stop();
    const speed = Number(document.querySelector("input[name=speed]:checked").value);
    clock = Math.max(clock, i ? time(rows[i - 1]) : time(rows[0]) - 1) + FRAME_MS * speed;
    let last = i;
    while (last < rows.length && time(rows[last]) <= clock) last += 1;
    mark.textContent = new Date(clock).toTimeString().slice(0, 8);
    if (last > i && asked - (shown === at ? asked : asked - 1) < 2) { at = rows[last - 1][0]; show(); }
  }
  function stop() { clearInterval(timer); timer = 0; play.setAttribute("aria-pressed", "false"); mark.textContent = ""; }
  function toggle() { if (timer) return stop(); clock = 0; timer = setInterval(tick, FRAME_MS); play.setAttribute("aria-pressed", "true"); }
  play.addEventListener("click", toggle);
  bar.addEventListener("input", () => go(Number(bar.value)));
  document.getElementById("back").addEventListener("click", (e) => { e.preventDefault(); step(-1); });
  document.getElementById("next").addEventListener("click", (e) => { e.preventDefault(); step(1); });
  document.addEventListener("keydown", (e) => {
    if (/^(INPUT|SELECT|TEXTAREA|BUTTON|A)$/.test(e.target.tagName)) return;
    if (e.key === " ") { e.preventDefault(); toggle(); } else if (e.key === "ArrowLeft") step(-1); else if (e.key === "ArrowRight") step(1);
  });
})();
