// The stand-in's Stripe.js: the few functions that pages of a checkout use, with Stripe's own
// names and results. Sandbox only; the card is asked for in a frame of the stand-in's origin.
"use strict";
(() => {
  const home = new URL(document.currentScript.src).origin;
  const FAILED = { type: "api_connection_error", message: "The sandbox does not answer." };
  let asked = 0;

  function frame(path, title, height) {
    const made = document.createElement("iframe");
    made.src = home + path;
    made.title = title;
    made.style.cssText = `display:block;width:100%;border:0;height:${height}px`;
    return made;
  }

  function place(where) {
    return typeof where === "string" ? document.querySelector(where) : where;
  }

  // What the frame says, one listener for all of the page.
  function heardFrom(made, listen) {
    window.addEventListener("message", (event) => {
      if (event.origin === home && event.source === made.contentWindow) listen(event.data);
    });
  }

  // The payment element: card fields in a frame; it is told to confirm, and answers.
  class PaymentElement {
    constructor(key, secret) {
      this.told = { key, secret };
      this.listeners = { ready: [], change: [], loaderror: [] };
      this.waiting = new Map();
    }

    mount(where) {
      this.frame = frame("/stripe-js/card", "Secure card payment input frame", 230);
      heardFrom(this.frame, (said) => this.heard(said));
      place(where).replaceChildren(this.frame);
      return this;
    }

    on(name, listen) {
      (this.listeners[name] ||= []).push(listen);
      return this;
    }

    unmount() {
      this.frame.remove();
    }

    heard(said) {
      if (said.height) this.frame.style.height = `${said.height}px`;
      if (said.event) this.listeners[said.event]?.forEach((listen) => listen(said));
      if (said.answers) this.waiting.get(said.answers)?.(said.result);
    }

    confirm(more) {
      const id = (asked += 1);
      return new Promise((answer) => {
        this.waiting.set(id, answer);
        this.frame.contentWindow.postMessage({ id, ...this.told, ...more }, home);
      }).finally(() => this.waiting.delete(id));
    }
  }

  class Elements {
    constructor(key, secret) {
      this.key = key;
      this.secret = secret;
    }

    create(type) {
      if (type !== "payment") throw new Error(`The sandbox has no ${type} element.`);
      return (this.payment = new PaymentElement(this.key, this.secret));
    }

    getElement() {
      return this.payment ?? null;
    }

    async submit() {
      return {};
    }
  }

  // Where a payment leads to: the bank's page, back to the application, or nowhere.
  async function confirmed(what, { elements, confirmParams = {}, redirect = "always" }) {
    const result = await elements.payment.confirm({ what, params: confirmParams });
    if (result.error) return { error: result.error };
    const found = result.found;
    if (found.status === "requires_action") {
      window.location.assign(found.next_action.redirect_to_url.url);
      return new Promise(() => {});
    }
    if (redirect === "if_required") return { [NAMES[what]]: found };
    window.location.assign(returnUrl(what, found, confirmParams.return_url));
    return new Promise(() => {});
  }

  const NAMES = { payment_intent: "paymentIntent", setup_intent: "setupIntent" };

  function returnUrl(what, found, url) {
    const back = new URL(url);
    back.searchParams.set(what, found.id);
    back.searchParams.set(`${what}_client_secret`, found.client_secret);
    back.searchParams.set("redirect_status", "succeeded");
    return back.href;
  }

  // Embedded Checkout: the stand-in's payment page in a frame.
  async function embedded({ clientSecret, fetchClientSecret, onComplete }) {
    const secret = clientSecret ?? (await fetchClientSecret());
    const session = secret.split("_secret_")[0];
    const made = frame(`/c/pay/${session}`, "Checkout", 680);
    heardFrom(made, ({ sandbox }) => {
      if (!sandbox || sandbox.status !== "complete") return;
      if (sandbox.url) window.location.assign(sandbox.url);
      else onComplete?.();
    });
    return {
      mount: (where) => place(where).replaceChildren(made),
      unmount: () => made.remove(),
      destroy: () => made.remove(),
    };
  }

  async function retrieved(key, what, secret) {
    const id = secret.split("_secret_")[0];
    const url = `${home}/v1/${what}s/${id}?client_secret=${encodeURIComponent(secret)}`;
    const headers = { Authorization: `Bearer ${key}` };
    const told = await fetch(url, { headers }).then((answer) => answer.json(), () => ({ error: FAILED }));
    return told.error ? { error: told.error } : { [NAMES[what]]: told };
  }

  window.Stripe = (key) => {
    if (!/^pk_test_/.test(key)) throw new Error("The sandbox takes keys that begin with pk_test_.");
    return {
      elements: ({ clientSecret }) => new Elements(key, clientSecret),
      confirmPayment: (options) => confirmed("payment_intent", options),
      confirmSetup: (options) => confirmed("setup_intent", options),
      retrievePaymentIntent: (secret) => retrieved(key, "payment_intent", secret),
      retrieveSetupIntent: (secret) => retrieved(key, "setup_intent", secret),
      createEmbeddedCheckoutPage: embedded,
    };
  };
  window.Stripe.version = "sandbox";
})();
