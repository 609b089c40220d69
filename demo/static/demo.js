// Asks the demo once a second what has changed, and carries clicks to the machines.
"use strict";
(() => {
  const EVERY_MS = 1000;
  const words = document.body.dataset;
  const shown = new Map();
  const all = (selector) => [...document.querySelectorAll(selector)];
  let failed = 0, touched = "";

  function put(img, address, version) {
    if (!version || shown.get(img) === version) return;
    const next = new Image();
    next.onload = () => { img.src = next.src; };
    next.src = `${address}?v=${version}`;
    shown.set(img, version);
  }

  async function order(what) {
    await fetch("/demo/order", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what), credentials: "omit",
    });
  }

  function lasted(seconds) {
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = seconds % 60;
    return (h ? `${h}:${String(m).padStart(2, "0")}` : `${m}`) + `:${String(s).padStart(2, "0")}`;
  }

  function element(tag, text, kind) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  function screens(state) {
    for (const figure of all("figure.screen")) {
      const name = figure.dataset.screen;
      put(figure.querySelector("img"), `/demo/picture/${name}`, state.screens[name]);
      figure.querySelector(".hands").hidden = !state.hands[name];
    }
    for (const img of all("[data-bar]")) put(img, `/demo/bar/${img.dataset.bar}`, state.bars[img.dataset.bar]);
    for (const button of all("[data-cable]")) {
      const pulled = Boolean(state.cables[button.dataset.cable]);
      button.classList.toggle("on", pulled);
      button.textContent = pulled ? words.plug : words.pull;
    }
  }

  function devices(state) {
    for (const button of all("[data-fault]")) {
      const device = state.devices[button.dataset.device];
      const on = Boolean(device && device.faults.includes(button.dataset.fault));
      button.classList.toggle("on", on);
      button.textContent = on ? button.dataset.on : button.dataset.off;
    }
    for (const pad of all("[data-pad]")) {
      const device = state.devices[pad.dataset.pad], screen = device ? device.screen : "away";
      const kind = { ask: "padAsk", thanks: "padThanks", away: "padAway" }[screen] || "padIdle";
      pad.classList.toggle("ask", screen === "ask");
      pad.querySelector("h2 .small").textContent = words[kind];
    }
  }

  // Pictures of machines: what is wrong stands in an attribute, the style sheet draws it.
  function machines(state) {
    for (const machine of all("[data-machine]")) {
      const device = state.devices[machine.dataset.machine];
      machine.dataset.faults = device ? device.faults.join(" ") : "gone";
      machine.classList.toggle("holds", Boolean(device && device.card));
    }
    for (const place of all("[data-words]")) place.textContent = (state.feels[place.dataset.words] || []).join(" · ");
    for (const pad of all("[data-callpad]")) {
      const device = state.devices[pad.dataset.callpad];
      for (const shows of pad.querySelectorAll("[data-shows]")) shows.textContent = device ? device[shows.dataset.shows] : "---";
    }
  }

  function programs(state) {
    const body = document.querySelector("#programs tbody");
    body.replaceChildren(...state.programs.map((program) => {
      const row = document.createElement("tr");
      const kill = element("button", words.kill, "quiet");
      kill.dataset.kill = program.name;
      const last = document.createElement("td");
      last.append(kill);
      row.append(element("td", program.name), element("td", program.words, `lamp ${program.state}`),
        element("td", `${lasted(program.for_s)}${program.starts > 1 ? ` · ×${program.starts}` : ""}`), last);
      return row;
    }));
    for (const mark of all(".state[data-program]")) {
      const program = state.programs.find((one) => one.name === mark.dataset.program);
      mark.textContent = program ? program.words : "";
      mark.className = `state lamp ${program ? program.state : ""}`;
    }
  }

  function papers(state) {
    const place = document.getElementById("papers");
    if (!state.papers.length || place.dataset.first === state.papers[0]) return;
    place.dataset.first = state.papers[0];
    place.replaceChildren(...state.papers.map((name) => {
      const link = document.createElement("a"), img = new Image();
      link.href = img.src = `/demo/paper/${name}`;
      img.alt = name;
      link.append(img);
      return link;
    }));
  }

  function events(state) {
    document.getElementById("events").replaceChildren(...state.events.map((event) => {
      const row = element("li", "", event.kind === "note" ? "note" : "");
      row.append(element("time", event.at.slice(11)), element("span", event.words));
      return row;
    }));
  }

  async function look() {
    try {
      const answer = await fetch(`/demo/state${location.search}`, { cache: "no-store", credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      failed = 0;
      document.getElementById("clock").textContent = state.clock.slice(11);
      const visitor = document.getElementById("visitor");
      if (state.visitor) visitor.href = state.visitor;
      screens(state); devices(state); machines(state); programs(state); papers(state); events(state);
    } catch { failed += 1; }
    document.getElementById("stopped").hidden = failed < 3;
    setTimeout(look, EVERY_MS);
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, img");
    if (!target) return;
    const data = target.dataset, figure = target.closest("figure.screen");
    if (data.cable) order({ do: target.classList.contains("on") ? "plug" : "pull", screen: data.cable });
    else if (data.fault) order({ do: target.classList.contains("on") ? "clear" : "fault", device: data.device, fault: data.fault });
    else if (data.toggle) {
      const faults = (target.closest("[data-machine]").dataset.faults || "").split(" ");
      order({ do: faults.includes(data.toggle) ? "clear" : "fault", device: data.device, fault: data.toggle });
    }
    else if (data.cardToggle !== undefined) order(target.closest("[data-machine]").classList.contains("holds") ? { do: "remove", device: "reader" } : { do: "place", device: "reader", card: "1" });
    else if (data.card) order({ do: "place", device: "reader", card: data.card });
    else if (data.remove) order({ do: "remove", device: data.remove });
    else if (data.scan) order({ do: "scan", device: data.scan });
    else if (data.padKey) order({ do: "press", device: target.closest("[data-callpad]").dataset.callpad, key: data.padKey });
    else if (data.kill) order({ do: "kill", program: data.kill });
    else if (data.key) order({ do: "key", screen: target.parentElement.dataset.screen, key: data.key });
    else if (data.press) order({ do: "press", device: target.closest("[data-pad]").dataset.pad, key: Number(data.press) });
    else if (figure && target.tagName === "IMG") {
      const box = target.getBoundingClientRect();
      touched = figure.dataset.screen.startsWith("counter") ? figure.dataset.screen : "";
      order({ do: "touch", screen: figure.dataset.screen, x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
    }
  });
  // Keys go to the counter touched last, so that a number or a PIN can be typed as at the machine itself.
  const NAMES = { Enter: "Return", Escape: "Esc", Backspace: "Backspace" };
  document.addEventListener("keydown", (event) => {
    const name = NAMES[event.key] || event.key;
    if (!touched || event.ctrlKey || event.altKey || event.metaKey || !/^(F([2-9]|1[0-2])|Return|Esc|Backspace|[0-9A-Za-z])$/.test(name)) return;
    event.preventDefault();
    order({ do: "key", screen: touched, key: name });
  });
  look();
})();
