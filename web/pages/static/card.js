// The card fields, which are the provider's own, and paying or saving with them.
"use strict";
(() => {
  const form = document.getElementById("card-form");
  if (!form) return;
  const place = document.getElementById("card-element");
  const problem = document.getElementById("card-problem");
  const button = document.getElementById("card-submit");
  const label = button.textContent;
  let sending = false;

  function tell(sentence) {
    problem.textContent = sentence;
    if (sentence) problem.focus();
  }

  function busy(isBusy) {
    sending = isBusy;
    button.setAttribute("aria-disabled", String(isBusy));
    button.textContent = isBusy ? "One moment …" : label;
  }

  if (typeof window.Stripe !== "function") {
    place.replaceChildren();
    tell("The card form could not be loaded. Please check your connection and reload the page.");
    return;
  }

  const stripe = window.Stripe(form.dataset.key);
  const elements = stripe.elements({ clientSecret: form.dataset.secret });
  const card = elements.create("payment");
  card.on("ready", () => {
    place.removeAttribute("aria-busy");
    button.disabled = false;
  });
  card.on("loaderror", () => tell("The card form could not be loaded. Please reload the page."));
  card.mount(place);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    busy(true);
    tell("");
    const confirm = form.dataset.what === "setup" ? stripe.confirmSetup : stripe.confirmPayment;
    const back = window.location.origin + form.dataset.back;
    // Without an error the browser is already on its way: to the bank, or to the result.
    const { error } = await confirm({ elements, confirmParams: { return_url: back } });
    if (!error) return;
    tell(error.message || "That did not work. Please try again.");
    busy(false);
  });
})();
