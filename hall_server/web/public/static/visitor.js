// Follows the ticket's live picture. The page itself is always made by the server: when something a reader would see
// has changed, the page is fetched again and its middle exchanged, so that there is one place that says things.
"use strict";
(() => {
  const STALE_MS = 12000, POLL_MS = 15000, CLOCK_MS = 60000, FIRST_MS = 1000, LAST_MS = 15000, MARGIN_MS = 700;
  const REMIND = "remind";
  let page = document.getElementById("page");
  const link = document.getElementById("link");
  if (!page || !page.dataset.state || !link) return;
  const token = location.pathname.split("/")[2];
  let picture = null, seen = "", heard = Date.now(), time = "", wait = FIRST_MS, fetched = Date.now();
  let socket = null, busy = false, again = false, polled = false, last = page.dataset.state;

  const merge = (old, patch) => {
    if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
    const out = old && typeof old === "object" && !Array.isArray(old) ? { ...old } : {};
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete out[key]; else out[key] = merge(out[key], value);
    }
    return out;
  };
  const rough = (seconds) => Math.round(seconds / 60);
  const visible = (p) => {
    const t = p.ticket, e = t.estimate || {};
    return JSON.stringify([t.state, t.ahead, t.counter, t.counters, t.calls, t.on_my_way, t.parked_until, t.line,
      t.reason_code, rough(e.p10_s), rough(e.p90_s), p.rated, p.may_reinstate, (p.rating_request || {}).id,
      p.coverage_percent, p.evacuation, (p.notices || []).map((n) => n.id)]);
  };
  const writing = () => {
    const text = page.querySelector("textarea");
    return Boolean((text && text.value) || page.querySelector("details[open]"));
  };

  function show(kind) {
    link.className = "link " + kind;
    link.textContent = link.dataset[kind === "live" ? "live" : kind === "lost" ? "lost" : "every"];
    document.documentElement.classList.toggle("is-stale", kind === "lost");
    const band = document.getElementById("stale");
    band.hidden = kind !== "lost";
    const words = band.querySelector("b");
    words.dataset.words = words.dataset.words || words.textContent;
    words.textContent = words.dataset.words.replace("%", (time || page.dataset.now).slice(11, 16));
  }

  async function renew() {
    if (busy) { again = true; return false; }
    busy = true;
    try {
      const answer = await fetch(location.pathname + location.search, { cache: "no-store", credentials: "omit" });
      if (answer.status === 410) { location.reload(); return true; }
      if (!answer.ok) return false;
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = made.getElementById("page");
      if (!next) return false;
      fetched = Date.now();
      if (next.dataset.state === page.dataset.state && writing()) return true;
      page.replaceWith(next);
      page = next;
      document.title = made.title;
      time = page.dataset.now || time;
      dress();
      return true;
    } catch { return false; } finally {
      busy = false;
      if (again) { again = false; setTimeout(renew, 0); }
    }
  }

  function dress() {
    const retry = document.getElementById("retry");
    if (retry) retry.addEventListener("click", () => { wait = FIRST_MS; connect(); poll(); });
    const label = document.getElementById("remind");
    if (label) {
      label.hidden = false;
      const box = label.querySelector("input");
      box.checked = sessionStorage.getItem(REMIND) === "on";
      box.addEventListener("change", () => { sessionStorage.setItem(REMIND, box.checked ? "on" : "off"); remind(); });
      remind();
    }
    if (page.dataset.state === "called" && last !== "called" && navigator.vibrate) navigator.vibrate(400);
    last = page.dataset.state;
  }

  function remind() {
    const label = document.getElementById("remind"), band = document.getElementById("reminded");
    const due = sessionStorage.getItem(REMIND) === "on" && page.dataset.ahead !== undefined
      && Number(page.dataset.ahead) <= Number(label.dataset.at);
    if (due && band.hidden && !sessionStorage.getItem(token)) {
      sessionStorage.setItem(token, "told");
      if (navigator.vibrate) navigator.vibrate([200, 100, 200]);
    }
    band.hidden = !due;
    band.textContent = label.dataset.now;
    if (due) document.title = "● " + document.title.replace(/^● /, "");
  }

  function take(message) {
    heard = Date.now();
    wait = FIRST_MS;
    polled = false;
    show("live");
    if (message.beat) { time = message.beat; return; }
    if (message.snapshot) picture = message.snapshot;
    else if (message.patch && picture) picture = merge(picture, message.patch);
    if (!picture || !picture.ticket) return;
    const looks = visible(picture);
    if (looks !== seen && (seen || message.seq > Number(page.dataset.seq))) renew();
    seen = looks;
  }

  function connect() {
    if (socket && socket.readyState < WebSocket.CLOSING) return;
    socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/api/v1/live");
    socket.onopen = () => socket.send(JSON.stringify({ hello: 1, picture: "ticket:" + token, after: null }));
    socket.onmessage = (event) => take(JSON.parse(event.data));
    socket.onclose = () => {
      setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LAST_MS);
    };
  }

  async function poll() {
    polled = await renew();
    if (polled) show("every"); else if (Date.now() - heard > STALE_MS) show("lost");
  }

  let nextPoll = 0;
  setInterval(() => {
    const now = Date.now();
    if (now - heard > STALE_MS) {
      if (!polled) show("lost");
      if (now >= nextPoll) { nextPoll = now + POLL_MS; poll(); }
    } else if (now - fetched > CLOCK_MS && page.dataset.state === "waiting") {
      fetched = now;
      renew();
    }
  }, MARGIN_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { wait = FIRST_MS; connect(); } });
  dress();
  connect();
})();
