// Looks for new mails now and then, while somebody is looking; without it there is a link.
"use strict";
(() => {
  const mails = document.getElementById("mails");
  const said = document.getElementById("said");
  const PAUSE_MS = 2000;

  const links = (within) => [...within.querySelectorAll("li a")].map((each) => each.href);

  function show(fresh) {
    const known = new Set(links(mails));
    const focused = mails.contains(document.activeElement) ? document.activeElement.href : null;
    mails.replaceChildren(...fresh.childNodes);
    const more = links(mails).filter((each) => !known.has(each)).length;
    if (more) said.textContent = more === 1 ? "A new mail came." : `${more} new mails came.`;
    if (focused) [...mails.querySelectorAll("a")].find((each) => each.href === focused)?.focus();
  }

  async function look() {
    try {
      const answer = document.hidden ? null : await fetch(window.location.href);
      if (answer?.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("mails");
        if (fresh && fresh.innerHTML !== mails.innerHTML) show(fresh);
      }
    } catch {
      // The sandbox is gone, perhaps for a moment: look again.
    }
    setTimeout(look, PAUSE_MS);
  }

  setTimeout(look, PAUSE_MS);
})();
