// Asks for the page again every second and puts the sections that changed in place of the old ones; what was unfolded
// stays unfolded, and what had the focus keeps it. Nothing is built from text here: the sections come ready-made.
"use strict";

const PERIOD = 1000;
const known = new Map(); // the sections as they last came, before anybody unfolded anything

for (const section of document.querySelectorAll("main > section")) {
  known.set(section.id, section.outerHTML);
}

function take(fresh) {
  if (known.get(fresh.id) === fresh.outerHTML) {
    return;
  }
  known.set(fresh.id, fresh.outerHTML);
  const old = document.getElementById(fresh.id);
  const focused = document.activeElement === null ? "" : document.activeElement.id;
  const box = old.querySelector(".box");
  const left = box === null ? 0 : box.scrollLeft;
  for (const unfolded of old.querySelectorAll("details[open]")) {
    const same = fresh.querySelector(`#${CSS.escape(unfolded.id)}`);
    if (same !== null) {
      same.open = true;
    }
  }
  old.replaceWith(fresh);
  if (fresh.querySelector(".box") !== null) {
    fresh.querySelector(".box").scrollLeft = left;
  }
  const again = focused === "" ? null : document.getElementById(focused);
  if (again !== null && document.activeElement !== again) {
    again.focus({ preventScroll: true });
  }
}

function say(words) {
  const place = document.getElementById("word");
  if (place.textContent !== words) {
    place.textContent = words;
  }
}

async function refresh() {
  if (!document.hidden) {
    try {
      const answer = await fetch("/", { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      page.querySelectorAll("main > section").forEach(take);
      say("");
    } catch {
      say("The sandbox does not answer: it has stopped, or is stopping. What you see is the last it told.");
    }
  }
  setTimeout(refresh, PERIOD);
}

setTimeout(refresh, PERIOD);
