// Comforts of the channels' pages: print, copy. Every page works without them.
(function () {
  "use strict";
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copy]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        var from = document.getElementById(button.dataset.copy);
        navigator.clipboard.writeText(from.textContent.trim()).then(function () {
          button.textContent = button.dataset.copied;
        });
      });
    });
  }
})();
