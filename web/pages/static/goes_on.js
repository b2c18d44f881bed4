// What the visitor asked for on the page before is gone on with by itself.
"use strict";
document.querySelector("form[data-goes-on]").requestSubmit();
