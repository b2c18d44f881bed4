// In the frame: keeps what is typed to itself, confirms with the stand-in, answers the page around.
"use strict";
(() => {
  const [number, expires, cvc] = ["number", "expires", "cvc"].map((id) => document.getElementById(id));
  const NEEDED = [
    [number, () => digits(number).length >= 12, "incomplete_number", "Your card number is incomplete."],
    [expires, () => digits(expires).length === 4, "incomplete_expiry", "Your card's expiration date is incomplete."],
    [cvc, () => digits(cvc).length >= 3, "incomplete_cvc", "Your card's security code is incomplete."],
  ];
  const WENT_WRONG = { type: "api_connection_error", message: "The sandbox does not answer." };

  function digits(field) {
    return field.value.replace(/\D/g, "");
  }

  number.addEventListener("input", () => {
    number.value = digits(number).replace(/(.{4})(?=.)/g, "$1 ");
  });
  expires.addEventListener("input", () => {
    const typed = digits(expires).slice(0, 4);
    expires.value = typed.length > 2 ? `${typed.slice(0, 2)} / ${typed.slice(2)}` : typed;
  });
  document.getElementById("card").addEventListener("submit", (event) => event.preventDefault());

  function incomplete() {
    const missing = NEEDED.find(([, isGood]) => !isGood());
    for (const [field] of NEEDED) field.setAttribute("aria-invalid", String(field === missing?.[0]));
    if (!missing) return null;
    missing[0].focus();
    return { type: "validation_error", code: missing[2], message: missing[3] };
  }

  function form(secret, params) {
    const [month, year] = [digits(expires).slice(0, 2), `20${digits(expires).slice(2)}`];
    return new URLSearchParams({
      client_secret: secret,
      "payment_method_data[type]": "card",
      "payment_method_data[card][number]": digits(number),
      "payment_method_data[card][exp_month]": String(Number(month)),
      "payment_method_data[card][exp_year]": year,
      "payment_method_data[card][cvc]": cvc.value,
      ...(params.return_url ? { return_url: params.return_url } : {}),
    });
  }

  async function confirmed({ key, secret, what, params }) {
    const id = secret.split("_secret_")[0];
    const headers = { Authorization: `Bearer ${key}` };
    const sent = { method: "POST", headers, body: form(secret, params) };
    try {
      const told = await (await fetch(`/v1/${what}s/${id}/confirm`, sent)).json();
      return told.error ? { error: told.error } : { found: told };
    } catch {
      return { error: WENT_WRONG };
    }
  }

  window.addEventListener("message", async (event) => {
    if (event.source !== parent || !event.data.id) return;
    const error = incomplete();
    const result = error ? { error } : await confirmed(event.data);
    parent.postMessage({ answers: event.data.id, result }, event.origin);
  });

  parent.postMessage({ event: "ready", height: Math.ceil(document.body.getBoundingClientRect().height) + 4 }, "*");
})();
