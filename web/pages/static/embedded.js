// The provider's payment page, inside ours.
"use strict";
(async () => {
  const place = document.getElementById("embedded");
  const problem = document.getElementById("embedded-problem");
  try {
    const stripe = window.Stripe(place.dataset.key);
    const fetchClientSecret = async () => place.dataset.secret;
    const page = await stripe.createEmbeddedCheckoutPage({ fetchClientSecret });
    page.mount("#embedded");
    place.removeAttribute("aria-busy");
  } catch {
    place.replaceChildren();
    problem.textContent = "The payment page could not be loaded. Please reload this page.";
  }
})();
