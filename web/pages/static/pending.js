// Asks now and then whether the payment is in, and then shows the page anew.
"use strict";
(() => {
  const pending = document.getElementById("pending");
  const words = document.getElementById("pending-words");
  const LATE_AFTER = 20;
  let asked = 0;

  async function look() {
    asked += 1;
    try {
      const answer = await fetch(pending.dataset.asks, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return window.location.reload();
      if (answer.ok && (await answer.json()).state !== pending.dataset.state) {
        return window.location.replace(pending.dataset.path);
      }
    } catch {
      // The network is gone for the moment: look again.
    }
    if (asked === LATE_AFTER) {
      words.textContent = "Still pending: the bank takes longer than usual. Your payment is not lost.";
    }
    setTimeout(look, asked < LATE_AFTER ? 1000 : 5000);
  }

  setTimeout(look, 500);
})();
