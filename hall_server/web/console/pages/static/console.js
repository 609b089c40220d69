// Tells the page that something changed: the hall's live picture is only the bell, the parts are made by the server.
"use strict";
(() => {
  const QUIET_MS = 120, STALE_MS = 12000, FIRST_MS = 1000, LAST_MS = 15000;
  const link = document.getElementById("link"), clock = document.getElementById("clock");
  let heard = Date.now(), wait = FIRST_MS, ringing = 0;

  const ring = () => {
    if (ringing) return;
    ringing = setTimeout(() => { ringing = 0; document.body.dispatchEvent(new CustomEvent("hall-changed")); }, QUIET_MS);
  };
  const show = () => {
    const age = Math.round((Date.now() - heard) / 1000), lost = Date.now() - heard > STALE_MS;
    link.textContent = lost ? link.dataset.lost.replace("{n}", age) : link.dataset.fresh.replace("{n}", age);
    link.classList.toggle("lost", lost);
    document.documentElement.classList.toggle("is-stale", lost);
  };
  function connect() {
    const socket = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/api/v1/live");
    socket.onopen = () => socket.send(JSON.stringify({ hello: 1, picture: "manager", after: null }));
    socket.onmessage = (event) => {
      heard = Date.now(); wait = FIRST_MS;
      const told = JSON.parse(event.data);
      if (told.beat) clock.textContent = String(told.beat).slice(11, 16); else ring();
      show();
    };
    socket.onclose = () => { setTimeout(connect, wait); wait = Math.min(wait * 2, LAST_MS); };
  }
  if (link && document.body.dataset.live === "yes") { connect(); setInterval(show, 1000); } else if (link) link.hidden = true;
  // A form that was sent is not sent again by an impatient second press; its key would make it harmless anyway.
  document.addEventListener("submit", (event) => {
    for (const button of event.target.querySelectorAll("button")) setTimeout(() => { button.disabled = true; }, 0);
  });
})();
