// Asks what the sandbox holds every second, and draws the sections that changed in place of the old ones; what was
// unfolded stays unfolded, and what had the focus keeps it. Whatever a name holds is put in as text, never as tags.
"use strict";

const PERIOD = 1000;
const known = new Map(); // the sections as they were last drawn, before anybody unfolded anything

function make(tag, attributes, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...inside);
  return made;
}

function section(id, title, ...inside) {
  const heading = make("h2", { id: `${id}-title` }, title);
  return make("section", { id, "aria-labelledby": `${id}-title` }, heading, ...inside);
}

// A table in a box that scrolls by itself, by keyboard too; `head` names each column and the class of its cells.
function table(id, caption, head, rows) {
  if (rows.length === 0) {
    return make("p", { class: "none" }, "None.");
  }
  const columns = head.map(([name, kind]) => make("th", { scope: "col", class: kind }, name));
  const body = rows.map((row) => make("tr", {}, ...row.map((cell, at) => make("td", { class: head[at][1] }, cell))));
  const parts = [
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...columns)),
    make("tbody", {}, ...body),
  ];
  const box = { class: "box", id: `${id}-box`, tabindex: "0", role: "region", "aria-label": caption };
  return make("div", box, make("table", {}, ...parts));
}

function noted(first, note) {
  return make("span", {}, first, ...(note === "" ? [] : [make("small", {}, note)]));
}

function faultRow({ where, fault, times }) {
  const often = times === null ? "every time" : times === 1 ? "once" : `${times} times`;
  return [make("code", {}, where), fault, often];
}

function invoiceRow(invoice) {
  const word = invoice.kind === "cancelling invoice" ? "cancels" : "canceled by";
  return [
    noted(invoice.number || "(no number)", invoice.connected && `${word} ${invoice.connected}`),
    invoice.kind,
    invoice.day,
    invoice.customer,
    invoice.total,
    make("span", { class: `mark ${invoice.status}` }, invoice.status),
  ];
}

function requestRow(logged) {
  const at = new Date(logged.at * 1000).toISOString();
  const kind = logged.status === null || logged.status >= 500 ? "failed" : logged.status >= 400 ? "refused" : "fine";
  return [
    make("time", { datetime: at }, at.slice(11, 19)),
    logged.method,
    noted(make("code", {}, logged.path), logged.fault && `met: ${logged.fault}`),
    noted(make("span", { class: `mark ${kind}` }, logged.status ?? "none"), logged.network),
    logged.milliseconds.toFixed(2),
    exchange(logged),
  ];
}

function exchange({ number, sent, answer }) {
  const full = answer !== null && answer.size > 0;
  const title = full ? `${answer.kind.split(";")[0]}, ${answer.size.toLocaleString("en")} bytes` : "no body";
  return make(
    "details",
    { id: `request-${number}` },
    make("summary", { id: `request-${number}-summary` }, answer === null ? "no answer" : title),
    ...(sent.size > 0 ? [make("h3", {}, "Sent"), ...body(sent)] : []),
    ...(answer === null ? [] : [make("h3", {}, "Answered"), ...body(answer)]),
  );
}

function body({ kind, size, text, cut }) {
  const bytes = `${size.toLocaleString("en")} bytes`;
  if (text === null) {
    return [make("p", { class: "none" }, `${bytes} of ${kind || "an unknown kind"}, not shown.`)];
  }
  return [make("pre", {}, cut || !kind.startsWith("application/json") ? text : laidOut(text)), ...(cut ? [make("p", { class: "none" }, `Cut: this is the beginning of ${bytes}.`)] : [])];
}

// JSON in lines, without a parser: JavaScript's own would round the numbers.
function laidOut(text) {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  return text.trim().replace(/"(?:\\.|[^"\\])*"|\{\s*\}|\[\s*\]|[{[}\],:]\s*|\s+/g, (part) => {
    const mark = part.trim();
    if (mark === "{" || mark === "[") {
      depth += 1;
      return mark + line();
    }
    if (mark === "}" || mark === "]") {
      depth -= 1;
      return line() + mark;
    }
    return mark === "," ? mark + line() : mark === ":" ? ": " : mark;
  });
}

const FAULTS = [["For", ""], ["Fault", ""], ["How often", ""]];
const INVOICES = [["Number", ""], ["Kind", ""], ["Date", "plain"], ["Customer", "words"], ["Total", "number"], ["Status", ""]];
const REQUESTS = [["Time (UTC)", "plain"], ["Method", ""], ["Path", "words"], ["Status", ""], ["ms", "number"], ["Sent and answered", "exchange"]];

function draw({ counts, waiting, invoices, requests }) {
  const last = (rows) => `The last ${rows.length}, newest first`;
  const held = Object.entries(counts).map(([noun, count]) =>
    make("div", {}, make("dt", {}, noun), make("dd", {}, count.toLocaleString("en"))));
  const script = table("faults", "What the next requests meet, in this order", FAULTS, waiting.map(faultRow));
  return [
    section("holds", "What it holds", make("dl", {}, ...held)),
    section("faults", "Faults that wait", script),
    section("invoices", "Last invoices", table("invoices", last(invoices), INVOICES, invoices.map(invoiceRow))),
    section("requests", "Last requests", table("requests", last(requests), REQUESTS, requests.map(requestRow))),
  ];
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
      const answer = await fetch("/page.json", { cache: "no-store" });
      draw(await answer.json()).forEach(take);
      say("");
    } catch {
      say("The sandbox does not answer: it has stopped, or is stopping. What you see is the last it told.");
    }
  }
  setTimeout(refresh, PERIOD);
}

refresh();
