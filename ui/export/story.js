"use strict";
const decks = [...document.querySelectorAll("main")];
const helps = [...document.querySelectorAll("dialog")];
let at = 0, arrived = 0; // the slide; when the page has come to it, at the latest

const deck = () => decks.find((one) => !one.hidden);
const slides = () => [...deck().querySelectorAll(".slide")];

// a chart fills its place; one that measures itself keeps its height
function size(spec, ratio) {
  if (!ratio) return { width: 250 };
  if (spec.autosize) return { width: 560 };
  return { width: 500, height: Math.max(280, 500 * ratio), autosize: { type: "fit", contains: "padding" } };
}

function draw() {
  const narrow = innerWidth <= 760;
  for (const box of deck().querySelectorAll(".chart")) {
    const ratio = narrow ? 0 : Math.round(10 * box.clientHeight / box.clientWidth) / 10;
    if (box.dataset.drawn === String(ratio)) continue;
    box.dataset.drawn = String(ratio);
    const spec = JSON.parse(document.getElementById(box.dataset.spec).textContent);
    vegaEmbed(box.firstElementChild, { ...spec, ...size(spec, ratio), background: null }, { actions: false, ast: true, renderer: "svg", logLevel: 1 })
      .then(({ view }) => view.runAsync())
      .catch((error) => console.error(error));
  }
}

function mark() {
  document.querySelectorAll(".current").forEach((one) => one.classList.remove("current"));
  slides()[at].classList.add("current");
}

function go(n, behavior = "auto") {
  at = Math.max(0, Math.min(slides().length - 1, n));
  arrived = performance.now() + 1000;
  scrollTo({ top: slides()[at].offsetTop, behavior }); // not into view: that would move the page around the story, too
  mark();
}

function speak(lang) {
  decks.forEach((one) => { one.hidden = one.lang !== lang; });
  document.documentElement.lang = lang;
  document.title = deck().dataset.title;
  document.querySelectorAll("nav [data-lang]").forEach((one) => { one.hidden = one.dataset.lang === lang; });
  draw();
  go(at, "instant");
  requestAnimationFrame(() => go(at, "instant")); // a move under way has shifted the first by a frame
}

const next = () => decks[(decks.indexOf(deck()) + 1) % decks.length].lang;
const notes = () => document.body.classList.toggle("with-notes");
const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.());
const help = () => { const one = helps.find((d) => d.lang === deck().lang); one.open ? one.close() : one.showModal(); };
function leave() {
  document.body.classList.remove("with-notes");
  if (document.fullscreenElement) document.exitFullscreen();
}
const forth = () => go(at + 1), back = () => go(at - 1);
const keys = {
  ArrowRight: forth, ArrowDown: forth, PageDown: forth, " ": forth, ArrowLeft: back, ArrowUp: back, PageUp: back,
  Home: () => go(0), End: () => go(slides().length - 1),
  l: () => speak(next()), n: notes, f: full, "?": help, Escape: leave,
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isButton = event.target.closest?.("button") && event.key === " ";
  if (isButton || (event.key !== "?" && helps.some((d) => d.open))) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});
document.querySelector("nav").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) ({ lang: () => speak(button.dataset.lang), full, help })[button.dataset.act]();
});
["wheel", "touchmove", "pointerdown"].forEach((kind) => addEventListener(kind, () => { arrived = 0; }, { passive: true }));
addEventListener("scroll", () => {
  if (performance.now() < arrived) return; // slides that it passes on its way are not where it is
  const middle = innerHeight / 2;
  const seen = slides().findIndex((s) => { const b = s.getBoundingClientRect(); return b.top <= middle && b.bottom > middle; });
  if (seen >= 0 && seen !== at) { at = seen; mark(); }
}, { passive: true });
addEventListener("resize", draw);
speak(document.documentElement.lang);
