// The three checks of the card, and one reading for one challenge. Every sentence stands in the
// page; this script only shows the one that is true, and holds no card data: the agent gives none.
"use strict";

(() => {
  const EVERY_MS = 1000;
  const STATUS_MS = 3000;
  const READ_MS = 30000;
  const list = document.getElementById("checks");
  const told = document.getElementById("told");
  const form = document.getElementById("read");
  const agent = list.dataset.agent;
  let ready = false;
  let reading = false;

  for (const each of document.querySelectorAll("[data-origin]")) {
    each.textContent = window.location.origin;
  }

  function ask(path, patienceMs, options) {
    return fetch(agent + path, {
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(patienceMs),
      ...options,
    });
  }

  // What the agent says as one word for each of the three checks.
  function judged(said) {
    if (said === null) return { agent: "missing", reader: "later", card: "later" };
    if (!said.service) return { agent: "service", reader: "later", card: "later" };
    if (!said.reader) return { agent: "good", reader: "missing", card: "later" };
    const words = { ready: "good", none: "none", reading: "reading", foreign: "foreign" };
    return { agent: "good", reader: "good", card: words[said.card] ?? "bad" };
  }

  function show(states) {
    const changed = [];
    for (const item of list.children) {
      const state = states[item.dataset.check];
      if (item.dataset.state === state) continue;
      item.dataset.state = state;
      for (const each of item.querySelectorAll("[data-when]")) {
        each.hidden = each.dataset.when !== state;
        if (!each.hidden && state !== "later") changed.push(each.textContent.trim());
      }
    }
    if (changed.length) told.textContent = changed.join(" ");
    ready = states.card === "good";
    if (form) form.querySelector("button").disabled = !ready || reading;
  }

  async function status() {
    try {
      const answer = await ask("/status", STATUS_MS);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async function watch() {
    for (;;) {
      show(judged(await status()));
      await new Promise((resume) => setTimeout(resume, EVERY_MS));
    }
  }

  function fault(name) {
    for (const each of form.querySelectorAll("[data-fault]")) {
      each.hidden = each.dataset.fault !== name;
    }
  }

  // A challenge that was used needs a new page; everything else can be tried again on this one.
  async function read() {
    const { challenge, salt } = form.dataset;
    const body = JSON.stringify({ challenge, salt, enrol: "enrol" in form.dataset });
    const headers = { "Content-Type": "application/json" };
    let answer;
    let said;
    try {
      answer = await ask("/read", READ_MS, { method: "POST", headers, body });
      said = await answer.json();
    } catch {
      return fault("silent");
    }
    if (said.code === "challenge_used") return window.location.replace(window.location.href);
    if (!answer.ok) return fault(said.code === "no_card" ? "gone" : "silent");
    for (const name of ["challenge", "proof", "verifier"]) {
      form.elements.namedItem(name).value = said[name] ?? "";
    }
    return form.submit();
  }

  if (form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!ready || reading) return;
      reading = true;
      form.querySelector("button").disabled = true;
      fault("");
      try {
        await read();
      } finally {
        reading = false;
      }
    });
  }
  watch();
})();
