// Small comforts; every page works without them.
(function () {
  "use strict";
  // A form is sent once: the second click of a double click does nothing.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    // An answer to a question that the page itself asks is not sent anywhere: the same
    // dialog may ask again a second later, and the answer must count.
    if (event.defaultPrevented || form.method === "dialog") { return; }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  // An act that can not be undone asks first.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-confirm]");
    if (button && !window.confirm(button.dataset.confirm)) {
      event.preventDefault();
    }
  });
  // The summary of errors is read first.
  var summary = document.getElementById("error-summary");
  if (summary) { summary.focus(); }
  // The phone's menu closes when its page is left by a click outside.
  var menu = document.getElementById("phone-menu");
  if (menu) {
    document.addEventListener("click", function (event) {
      if (menu.open && !menu.contains(event.target)) { menu.open = false; }
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }
})();
