// A form is sent once, however often its button is pressed.
"use strict";
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}
// Coming back by the back button shows a page as it was left: its forms may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) window.location.reload();
});
