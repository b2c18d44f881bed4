// Moves through a customer's changes; without it the form asks for one moment at a time.
"use strict";
(() => {
  const form = document.getElementById("moving");
  const slider = document.getElementById("slider");
  const stop = document.getElementById("stop");
  const at = document.getElementById("at");
  const rows = document.getElementById("rows");
  const stops = JSON.parse(form.dataset.stops);
  const PAUSE_MS = 150;
  let waiting = 0;
  let asking = null;

  function tell() {
    const here = stops[slider.valueAsNumber];
    stop.textContent = here.says;
    slider.setAttribute("aria-valuetext", here.says);
    at.value = here.at;
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE_MS);
  }

  async function show() {
    asking?.abort();
    asking = new AbortController();
    const by = form.elements.by.value;
    const asked = new URLSearchParams({ at: at.value, by });
    try {
      const url = `${form.dataset.rows}&${asked}`;
      const answer = await fetch(url, { signal: asking.signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") return window.location.reload();
      if (answer.ok) rows.innerHTML = await answer.text();
      else stop.textContent = "This cannot be shown now.";
    } catch (problem) {
      if (problem.name !== "AbortError") stop.textContent = "This cannot be shown now.";
    }
  }

  function move(by) {
    slider.value = String(slider.valueAsNumber + by);
    tell();
  }

  slider.max = String(stops.length - 1);
  const here = stops.findIndex((each) => each.at === at.value);
  slider.value = String(here < 0 ? stops.length - 1 : here);
  stop.textContent = here < 0 ? "" : stops[here].says;
  slider.addEventListener("input", tell);
  document.getElementById("back").addEventListener("click", () => move(-1));
  document.getElementById("forth").addEventListener("click", () => move(1));
  for (const each of form.elements.by) {
    each.addEventListener("change", () => {
      at.value = "now"; // a position says when we knew, and nothing about when it was so
      form.submit();
    });
  }
  document.getElementById("sliding").hidden = false;
})();
